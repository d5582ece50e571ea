"""Blender as the presenter's artist: its own process, each cel drawn once and kept by content."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from PIL import Image

from ai_video_editor.broll.presenter import poses
from ai_video_editor.broll.presenter.colors import FigureColors
from ai_video_editor.broll.presenter.flat import Pose
from ai_video_editor.broll.presenter.poses import BodyPose
from ai_video_editor.errors import MediaError, ProcessingTimeoutError, UnavailableError
from ai_video_editor.look.palette import Palette
from ai_video_editor.processes import end, spawn
from ai_video_editor.progress import Report

RIG = Path(__file__).with_name("blender_rig.py")
"""What runs inside Blender."""

ENVIRONMENT = ".venv-blender"
"""Folder beside the package that `make blender` fills; the setting `blender` names another one."""

HOW = "`make blender` sets it up, or the setting blender names one"

TIMEOUT = 120.0
"""Seconds for Blender to start and build the figure; it takes about 4."""

TIMEOUT_A_CEL = 60.0
"""Seconds for a cel; one of 540 pixels takes about 1.4 on two cores."""

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "SYSTEMROOT", "LD_LIBRARY_PATH")
"""What Blender is told of our environment: no keys, none of our settings."""

_TOLD = 1.0
"""Seconds between two reports."""


def blender_command(chosen: Path | None) -> tuple[str, ...] | None:
    """How Blender is started, up to its script; None where it is not set up.

    Args:
        chosen: a `blender` program, a Python with bpy, or an environment's folder; None takes
            what `make blender` set up beside the package.
    """
    place = chosen or Path(__file__).resolve().parents[3] / ENVIRONMENT
    if place.is_dir():
        inside = [place / "bin" / "python", place / "Scripts" / "python.exe", place / "blender"]
        place = next((file for file in inside if file.is_file()), place)
    if not place.is_file():
        return None
    if place.name.lower().startswith("blender"):
        return (str(place), "--background", "--factory-startup", "--python-exit-code", "1",
                "--python", str(RIG), "--")  # fmt: skip
    return (str(place), "-I", str(RIG))


class BlenderFigure:
    """Draws cels in Blender.

    Args:
        command: how it is started, as `blender_command` says.
        folder: where finished cels are kept, for this and later runs.
    """

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        """Nothing is started yet."""
        self._command = tuple(command)
        self._folder = folder
        self.drawn = 0
        self.reused = 0

    def cels(
        self, wanted: Iterable[Pose], side: int, palette: Palette, report: Report
    ) -> dict[Pose, Image.Image]:
        """A square picture (RGBA) of every pose; those drawn before are taken from the folder.

        Raises:
            UnavailableError: Blender cannot be started.
            ProcessingTimeoutError: it took too long.
            MediaError: it failed.
        """
        look = _look(side, palette)
        files = {pose: self._folder / f"{_key(pose, look)}.png" for pose in set(wanted)}
        missing = sorted(
            (pose for pose, file in files.items() if not file.is_file()), key=lambda p: p.name
        )
        self.drawn += len(missing)
        self.reused += len(files) - len(missing)
        if missing:
            self._draw(missing, files, look, report)
        return {pose: _opened(file) for pose, file in files.items()}

    def _draw(
        self,
        missing: Sequence[Pose],
        files: dict[Pose, Path],
        look: dict[str, Any],
        report: Report,
    ) -> None:
        """Draw what is missing beside its place, and move it there when it is whole."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".cels-", dir=self._folder) as name:
            scratch = Path(name)
            drawn = [scratch / f"{number}.png" for number in range(len(missing))]
            job = {
                **look,
                "cels": [
                    {"file": str(file), **_as_json(pose)}
                    for pose, file in zip(missing, drawn, strict=True)
                ],
            }
            (scratch / "job.json").write_text(json.dumps(job), encoding="utf-8")
            self._run(scratch / "job.json", len(missing), report)
            for pose, file in zip(missing, drawn, strict=True):
                if not file.is_file():
                    raise MediaError("Blender ended without drawing every pose of the presenter.")
                os.replace(file, files[pose])

    def _run(self, job: Path, count: int, report: Report) -> None:
        limit = TIMEOUT + TIMEOUT_A_CEL * count
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        try:
            child = spawn(
                [*self._command, str(job)],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=environment,
            )
        except OSError as error:
            raise UnavailableError(
                f"Blender cannot be started ({error.strerror or error}); {HOW}."
            ) from error
        late = threading.Event()

        def stop() -> None:
            late.set()
            end(child)

        watch = threading.Timer(limit, stop)
        watch.start()
        try:
            said = _followed(child, count, report)
            code = child.wait()
        finally:
            watch.cancel()
            end(child)
        if late.is_set():
            raise ProcessingTimeoutError(
                f"Blender took more than {limit:.0f} s for {count} drawings of the presenter."
            )
        if code:
            reason = said[-1] if said else f"exit code {code}"
            raise MediaError(f"Blender could not draw the presenter: {reason}.")


def _followed(child: subprocess.Popen[bytes], count: int, report: Report) -> list[str]:
    """Read what Blender says to its end; gives the last lines that are not about progress."""
    said: list[str] = []
    done, told = 0, 0.0
    doing = "drawing the presenter in Blender"
    report(0.0, doing)
    assert child.stdout is not None  # it was asked for
    for raw in child.stdout:
        line = raw.decode("utf-8", "replace").strip()
        if line.startswith("cel "):
            done += 1
        elif line and not line.startswith(("Fra:", "Saved:", "Time:")):
            said = [*said[-9:], line[:300]]
        now = time.monotonic()
        if now - told >= _TOLD:
            report(done / count, f"{doing}: {done} of {count}")
            told = now
    return said


def _look(side: int, palette: Palette) -> dict[str, Any]:
    """What all cels of one look share, as the rig reads it."""
    return {
        "size": side,
        "colors": {name: list(color) for name, color in asdict(FigureColors.of(palette)).items()},
        "measures": {
            "side": poses.SIDE, "floor": poses.FLOOR, "head": poses.HEAD,
            "head_size": poses.HEAD_SIZE, "face_size": poses.FACE_SIZE, "body": poses.BODY,
            "body_size": poses.BODY_SIZE, "shoulder": poses.SHOULDER,
            "upper_arm": poses.UPPER_ARM, "forearm": poses.FOREARM,
            "arm_radius": poses.ARM_RADIUS, "hand_radius": poses.HAND_RADIUS,
        },
    }  # fmt: skip


def _as_json(pose: Pose) -> dict[str, Any]:
    if isinstance(pose, BodyPose):
        return {
            "layer": "body", "arms": pose.arms, "lean": pose.lean, "breath": pose.breath,
            "finger": pose.finger,
        }  # fmt: skip
    return {"layer": "head", "turn": pose.turn, "outlines": pose.outlines}


def _key(pose: Pose, look: dict[str, Any]) -> str:
    """Name of a cel by all that it depends on: pose, colours, size and the rig itself."""
    said = json.dumps([_as_json(pose), look], sort_keys=True)
    return sha256(RIG.read_bytes() + said.encode()).hexdigest()[:40]


def _opened(file: Path) -> Image.Image:
    try:
        with Image.open(file) as picture:
            return picture.convert("RGBA")
    except OSError as error:
        file.unlink(missing_ok=True)
        raise MediaError(f"{file} is no whole picture and was removed: run again.") from error
