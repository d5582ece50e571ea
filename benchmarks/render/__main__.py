"""Prints how fast and how exactly films are rendered, as tables, and writes them as JSON.

    python -m benchmarks.render [--quick] [--json FILE]

The development media, where AI_VIDEO_EDITOR_TEST_MEDIA names their folder, give the picture, else
the bundled sample. `smartcut` is measured beside ours where its command is on the path.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from ai_video_editor.composition.composer import Render
from ai_video_editor.verification.measurement import measured as measured_film
from benchmarks.render import recordings, runs, sync
from benchmarks.render.evaluator import Cost, best, reached, share_to_encode, spread
from benchmarks.render.memory import peak_of
from benchmarks.vision.clips import SAMPLE, media_folder
from benchmarks.vision.report import table, verdict

RATIO = 1.15
"""Full render over the hand-written command; smart render over the share to encode."""
MEMORY = 1200.0
"""MB at the peak, in 1080p."""
BURNED = 1.3
"""Full render with burned captions over the plain one."""
OFFSET = 10.0
"""Milliseconds between flash and beep."""
SPEECH = "speech_outdoor_20s.mp4"
EVERY, REMOVED = 150, 14
"""A cut every 5 s at 30 frames a second, and the frames it removes."""


def main(arguments: list[str] | None = None) -> int:
    """Run; 0 where every target was reached, 1 where one was not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.render")
    parser.add_argument("--quick", action="store_true", help="one run each, shorter films")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="render-") as folder:
        scratch = Path(folder)
        rows = speed(scratch, seconds=30 if options.quick else 60, times=1 if options.quick else 3)
        rows += exactness(scratch, seconds=600 if options.quick else 7200)
    head = ["figure", "measured", "at most", "reached"]
    print(table(head, [_cells(row) for row in rows]))
    if options.json:
        machine = f"{os.cpu_count()} cores, {platform.machine()}"
        options.json.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"machine": machine, "figures": rows}, indent=1)
        options.json.write_text(text + "\n", encoding="utf-8")
    return 0 if all(row["reached"] is not False for row in rows) else 1


def speed(scratch: Path, *, seconds: int, times: int) -> list[dict[str, Any]]:
    """Processor time against the hand-written command, and peak memory, in 1080p."""
    folder = media_folder()
    picture = folder / SPEECH if folder else SAMPLE
    frames = 30 * seconds
    kept = [(start + 11, start + 11 + EVERY - REMOVED) for start in range(0, frames - 30, EVERY)]
    kept = [(start, min(end, frames)) for start, end in kept]
    rows: list[dict[str, Any]] = []
    for gop in (2, 1):
        say(f"coding {picture.stem} in HD with a key frame every {gop} s")
        film = recordings.in_hd(picture, scratch / f"recording{gop}.mp4", seconds, gop)
        programs: dict[str, Callable[[], object]] = {
            "command": partial(runs.by_hand, film, kept, scratch / "hand.mp4"),
            "smart": partial(runs.ours, film, kept, scratch / "smart.mp4", "smart"),
            "smartcut": partial(runs.smartcut, film, kept, scratch / "other.mp4"),
        }
        if gop == 2:
            programs["full"] = partial(runs.ours, film, kept, scratch / "full.mp4", "full")
            programs["burned"] = partial(
                runs.ours, film, kept, scratch / "burned.mp4", "full", captioned=True
            )
        took = in_turns(programs, times)
        rows += _ratios(took, gop, share_to_encode(kept, 30 * gop, frames))
        whole = sum(end - start for start, end in kept)
        shown = measured_film(scratch / "smart.mp4", timeout=3600)
        rows.append(_row(f"frames missing or added, smart, GOP {gop} s",
                         abs(shown.decoded_frames - whole) + len(shown.faults), 0.0))  # fmt: skip
        if gop == 2:
            say("peak memory")
            for how in ("full", "smart"):
                peak = peak_of(programs[how])
                rows.append(_row(f"peak memory in 1080p, {how} render, MB", peak, MEMORY))
    return rows


def in_turns(programs: dict[str, Callable[[], object]], times: int) -> dict[str, Cost]:
    """Every program in turn, several times; the best of each. One that is not there is left out."""
    took: dict[str, list[Cost]] = {}
    for number in range(times):
        for name, program in programs.items():
            say(f"{name}, run {number + 1} of {times}")
            try:
                took.setdefault(name, []).append(runs.timed(program))
            except FileNotFoundError as error:
                say(f"{error} is left out")
    return {name: best(costs) for name, costs in took.items() if costs}


def _ratios(took: dict[str, Cost], gop: int, share: float) -> list[dict[str, Any]]:
    base = took["command"]
    rows = []
    if "full" in took:
        full = took["full"]
        rows.append(
            _row("full render, processor time, command = 1", full.processor / base.processor, RATIO)
        )
        rows.append(_row("full render, wall time, command = 1", full.wall / base.wall, RATIO))
        burned = took["burned"].processor / full.processor
        rows.append(_row("burned captions, processor time, plain full render = 1", burned, BURNED))
    smart = took["smart"]
    name = f"smart render, GOP {gop} s, cut every 5 s"
    rows.append(_row(f"share of frames in GOPs that are touched, GOP {gop} s", share, None))
    rows.append(
        _row(f"{name}, processor time, command = 1", smart.processor / base.processor,
             RATIO * share)
    )  # fmt: skip
    rows.append(_row(f"{name}, wall time, command = 1", smart.wall / base.wall, RATIO * share))
    if "smartcut" in took:
        ratio = took["smartcut"].processor / base.processor
        rows.append(_row(f"smartcut, GOP {gop} s, processor time, command = 1", ratio, None))
    return rows


def exactness(scratch: Path, *, seconds: int) -> list[dict[str, Any]]:
    """Offsets of sound at the start, in the middle and at the end of a long film of many cuts."""
    say(f"making {seconds // 60} min of flashes and beeps")
    recording = recordings.flashes(scratch / "flashes.mp4", seconds)
    cuts = seconds * 1500 // 7200
    length = 30 * seconds // cuts
    kept = [(n * length + 7 + n % 5, (n + 1) * length - 5 - n % 3) for n in range(cuts)]
    rows = []
    renders: tuple[Render, ...] = ("smart", "full")
    for how in renders:
        say(f"{how} render of {cuts} cuts")
        target = scratch / "long.mp4"
        composed = runs.ours(recording, kept, target, how)
        frames = sum(end - start for start, end in kept)
        found = sync.measured(target)
        name = f"{seconds // 60} min with {cuts} cuts, {composed.method} render"
        rows.append(_row(f"{name}: frames off", abs(composed.frames - frames), 0.0))
        for place, offset in zip(("start", "middle", "end"), spread(found), strict=False):
            rows.append(_row(f"{name}: sound off at the {place}, ms", abs(offset), OFFSET))
        if not found:
            rows.append(_row(f"{name}: flashes with a beep", 0.0, -1.0))
    return rows


def say(doing: str) -> None:
    """Tell whoever waits."""
    print(f"… {doing}", file=sys.stderr, flush=True)


def _row(figure: str, measured: float, limit: float | None) -> dict[str, Any]:
    return {
        "figure": figure,
        "measured": round(measured, 3),
        "limit": None if limit is None else round(limit, 3),
        "reached": reached(measured, limit),
    }


def _cells(row: dict[str, Any]) -> list[str]:
    limit = "" if row["limit"] is None else f"{row['limit']:g}"
    return [row["figure"], f"{row['measured']:.2f}", limit, verdict(row["reached"])]


if __name__ == "__main__":
    sys.exit(main())
