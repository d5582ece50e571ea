"""Prints how well speech is heard, as a table, and writes it as JSON.

    python -m benchmarks.speech [--quick] [--media FOLDER] [--json FILE] [--model FOLDER]

The recordings are made by text-to-speech while it runs (flite), so nothing has to be fetched.
`--media` names a folder with the development recordings and their `truth/`, for the figures on
real speech.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.speech import runs
from benchmarks.speech.ours import transcriber_of
from benchmarks.speech.recordings import VOICES, voice_of
from benchmarks.speech.report import Figure, as_json, markdown
from benchmarks.tts import FliteMissing

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str] | None = None) -> int:
    """Run; 0 where every target was reached, 1 where one was not, 2 where it cannot run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speech")
    parser.add_argument("--quick", action="store_true", help="small sets, about a minute")
    parser.add_argument("--media", type=Path, help="folder with real recordings and their truth/")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.add_argument("--model", type=Path, default=ROOT / "tests" / "data" / "whisper-fixture")
    options = parser.parse_args(arguments)
    try:
        for voice in VOICES:
            voice_of(voice)
    except FliteMissing as error:
        print(error, file=sys.stderr)
        return 2
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="speech-") as folder:
        figures = list(_measured(options, Path(folder)))
    seconds = time.monotonic() - begun
    print(markdown(figures))
    print(f"\n{seconds:.0f} s on {platform.machine()}, Python {platform.python_version()}")
    if options.json:
        told = {"quick": options.quick, "seconds": round(seconds), "figures": as_json(figures)}
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return 0 if all(figure.reached is not False for figure in figures) else 1


def _measured(options: argparse.Namespace, scratch: Path) -> Iterator[Figure]:
    def say(doing: str) -> None:
        print(f"… {doing}", file=sys.stderr, flush=True)

    transcriber = transcriber_of(options.model, scratch)
    yield from runs.fresh(options.model, transcriber, scratch, options.quick, say)
    yield from runs.planted(transcriber, scratch, options.quick, say)
    if options.media:
        yield from runs.clips(options.media, transcriber, scratch, say)
    yield from runs.memory(scratch, options.quick, say)


if __name__ == "__main__":
    sys.exit(main())
