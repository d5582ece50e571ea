"""The films that are measured, and what is known of them."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.vision.evaluator import Span

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "samples" / "sample.mp4"
JOINED = 2.0
"""Seconds between a fade out and a fade in that are one change."""


@dataclass(frozen=True)
class Clip:
    """A film with its truth.

    Attributes:
        path: where it lies.
        cuts: hard cuts, seconds on the timeline of the file.
        gradual: from and to of gradual changes.
        faces: from, to and number of clearly visible faces.
    """

    path: Path
    cuts: tuple[float, ...]
    gradual: tuple[Span, ...] = ()
    faces: tuple[tuple[float, float, int], ...] = ()

    @property
    def name(self) -> str:
        """Of the file, without its ending."""
        return self.path.stem


def media_folder() -> Path | None:
    """The development media: the folder that AI_VIDEO_EDITOR_TEST_MEDIA names; None without."""
    named = os.environ.get("AI_VIDEO_EDITOR_TEST_MEDIA")
    if not named:
        return None
    folder = Path(named)
    return folder if (folder / "truth").is_dir() else None


def sample() -> Clip:
    """The bundled sample; its truth was written by the script that made it."""
    truth = json.loads((SAMPLE.parent / "truth.json").read_text(encoding="utf-8"))
    shots = truth["shots"]
    return Clip(
        SAMPLE,
        tuple(float(shot["start"]) for shot in shots[1:]),
        (),
        tuple((shot["start"], shot["end"], int(shot["kind"] == "presenter")) for shot in shots),
    )


def clips(folder: Path) -> list[Clip]:
    """Every development film whose cuts are known."""
    found = []
    for file in sorted((folder / "truth").glob("*.json")):
        truth = json.loads(file.read_text(encoding="utf-8"))
        film = folder / f"{file.stem}.mp4"
        if film.is_file() and isinstance(truth.get("cuts"), list):
            found.append(of_truth(film, truth))
    return found


def of_truth(film: Path, truth: dict[str, Any]) -> Clip:
    """A film with a truth file as the development media have it."""
    return Clip(
        film,
        tuple(float(cut["time"]) for cut in truth["cuts"]),
        _gradual(truth),
        tuple(
            (float(span["t0"]), float(span["t1"]), int(span["count"]))
            for span in truth.get("faces", ())
        ),
    )


def _gradual(truth: dict[str, Any]) -> tuple[Span, ...]:
    spans: list[Span] = [
        (float(change["time0"]), float(change["time1"])) for change in truth.get("gradual", ())
    ]
    rate = 30000 / 1001  # what the files marked by frame numbers have
    spans += [(c["frame0"] / rate, c["frame1"] / rate) for c in truth.get("by_eye", ())]
    reference = truth.get("reference_boundaries", {})
    if not spans and "frames" in reference:
        spans = [(frame / 25, frame / 25) for frame in reference["frames"]]
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start - joined[-1][1] < JOINED:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
