"""Prints how fast B-roll is drawn, side by side with movis drawing the same scenes alone.

    python -m benchmarks.broll [--seconds S] [--json FILE]

For each kind of graphic at 1080p and 30 frames a second: seconds of processor for the frames of a
clip by one plain movis composition (with its own cache of unchanged frames) and by ours, their
ratio, and how many seconds of finished clip a core makes a second, encoding included.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from ai_video_editor.broll.animation import frames, plain_frames
from ai_video_editor.broll.clip import encode, write_pictures
from ai_video_editor.broll.examples import EXAMPLES, example_scene
from ai_video_editor.broll.generator import duration_of
from ai_video_editor.context.inputs import VideoMetadata
from ai_video_editor.look.spacing import Frame
from ai_video_editor.progress import silent

RATE = 30
LEAST_REAL_TIME = 0.5
LEAST_RATIO = 4.0


@dataclass(frozen=True)
class Row:
    """One graphic.

    Attributes:
        kind: what it is.
        plain: processor seconds of movis alone.
        ours: processor seconds of our drawing.
        whole: processor seconds of drawing and encoding.
        seconds: length of the clip.
    """

    kind: str
    plain: float
    ours: float
    whole: float
    seconds: float

    @property
    def ratio(self) -> float:
        """How many times faster than movis alone."""
        return self.plain / self.ours

    @property
    def real_time(self) -> float:
        """Seconds of finished clip that a core makes in one second."""
        return self.seconds / self.whole


def processor_seconds(work: Callable[[], object]) -> float:
    """Time of this process and of the children that it waited for."""

    def spent() -> float:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.process_time() + children.ru_utime + children.ru_stime

    before = spent()
    work()
    return spent() - before


def measured(kind: str, seconds: float, folder: Path) -> Row:
    """One graphic drawn three times: by movis alone, by us, and by us to a finished clip."""
    scene = example_scene(kind, Frame(1920, 1080), seconds=seconds)
    length = duration_of(scene)
    count = round(length * RATE)
    metadata = VideoMetadata(
        duration=seconds, file_size=1, format="mov", width=1920, height=1080,
        frame_rate=f"{RATE}/1", has_audio=False, has_video=True, name=kind,
    )  # fmt: skip
    still = round(seconds * RATE) - count

    def plain() -> None:
        # movis keeps frames that do not change: a copy is what they cost.
        *_, last = plain_frames(scene, count, length=length, transparent=False)
        for _ in range(still):
            last.copy()

    def ours() -> None:
        for _ in frames(scene, count, length=length, transparent=False):
            pass

    def whole() -> None:
        pictures = folder / "pictures"
        holds = write_pictures(pictures, frames(scene, count, length=length, transparent=False))
        encode(
            pictures, folder / "clip.mp4", metadata, round(seconds * RATE), transparent=False,
            step=1, holds=holds, report=silent, doing=kind,
        )  # fmt: skip

    ours()  # fonts and modules are loaded once a run
    return Row(
        kind,
        processor_seconds(plain),
        processor_seconds(ours),
        processor_seconds(whole),
        seconds,
    )


def main(arguments: list[str] | None = None) -> int:
    """Run; 0 where both targets were reached for the whole, 1 where one was not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.broll")
    parser.add_argument("--seconds", type=float, default=6.0, help="length of each clip")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    rows = []
    with tempfile.TemporaryDirectory(prefix="broll-") as folder:
        for kind in EXAMPLES:
            print(f"… {kind}", file=sys.stderr, flush=True)
            rows.append(measured(kind, options.seconds, Path(folder)))
    print("| graphic | movis alone, s | ours, s | ratio | clip, s | real time |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    together = Row(
        "all", sum(r.plain for r in rows), sum(r.ours for r in rows),
        sum(r.whole for r in rows), sum(r.seconds for r in rows),
    )  # fmt: skip
    for row in (*rows, together):
        print(
            f"| {row.kind} | {row.plain:.2f} | {row.ours:.2f} | {row.ratio:.1f} | "
            f"{row.whole:.2f} | {row.real_time:.2f} |"
        )
    reached = together.ratio >= LEAST_RATIO and together.real_time >= LEAST_REAL_TIME
    print(
        f"\nTargets over all: {LEAST_RATIO:g} times movis alone, {LEAST_REAL_TIME:g} of real time "
        f"a core: {'reached' if reached else 'not reached'}."
    )
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1))
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
