"""Reads mutants with all that reads such files: `readers KIND SEED COUNT FOLDER CLIP HOME`."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from ai_video_editor.audio.transcription.transcript_files import read_script
from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.errors import EditorError
from ai_video_editor.intelligence.plan_file import read_plan_file
from ai_video_editor.look.brand import load_brand
from ai_video_editor.media.audio import extract
from ai_video_editor.media.ffmpeg import ffmpeg_path
from ai_video_editor.media.frames import FramePass
from ai_video_editor.media.probe import probe
from ai_video_editor.operations.run_record import all_records
from ai_video_editor.settings_sources import load_settings
from ai_video_editor.store import Store
from tests.chaos.fuzz import mutated, mutated_text
from tests.chaos.ground import ROOT

_SEEDS = {
    "mp4": ("-c:v", "libx264", "-c:a", "aac"),
    "mkv": ("-c:v", "libx264", "-c:a", "aac"),
    "webm": ("-c:v", "libvpx", "-c:a", "libvorbis"),
    "avi": ("-c:v", "mpeg4", "-c:a", "mp3"),
    "ts": ("-c:v", "libx264", "-c:a", "aac"),
    "flv": ("-c:v", "flv", "-c:a", "mp3"),
    "wav": ("-vn",),
    "mp3": ("-vn",),
    "flac": ("-vn",),
    "ogg": ("-vn", "-c:a", "libvorbis"),
}
"""One small recording of each container that is accepted."""


def media_seeds(folder: Path, clip: Path) -> list[Path]:
    """A second of the clip in every container, small."""
    made = []
    for suffix, codec in _SEEDS.items():
        target = folder / f"seed.{suffix}"
        size = () if codec[0] == "-vn" else ("-vf", "scale=96:54", "-r", "10")
        words = ["-v", "error", "-y", "-nostdin", "-t", "1", "-i", str(clip), *size, *codec]
        subprocess.run([ffmpeg_path(), *words, str(target)], check=True, timeout=60)
        made.append(target)
    return made


def read_media(path: Path) -> None:
    """Everything that opens a recording before it is decided on."""
    file = probe(path, "0" * 64)
    if file.video is not None:
        for _ in FramePass(file, path, height=36, rate=5.0).frames():
            pass
    if file.audio:
        wav = path.with_suffix(".extracted.wav")
        try:
            extract(file, path, wav)
        finally:
            wav.unlink(missing_ok=True)


def documents(home: Path) -> Iterator[tuple[str, str, Callable[[Path], object]]]:
    """Name, whole text and reader of every kind of document that somebody may hand us."""
    store = Store(home)
    record = all_records(store)[0]
    context = store.context(record.ref)
    folder = Path(record.output_dir)
    words = [{"text": "hello", "start": 0.0, "end": 0.4}, {"text": "world", "start": 0.5, "end": 1}]
    subtitles = "1\n00:00:00,000 --> 00:00:01,000\nHello <b>world</b>\n"
    yield "plan.json", (folder / "plan.json").read_text(), read_plan_file
    yield "context.json", context.to_json(), lambda p: ContentContext.from_json(p.read_bytes())
    yield "config.toml", "[run]\nmax_retries = 2\n[api]\noffline = true\n", _configured
    yield "brand.toml", (ROOT / "samples/brand/brand.toml").read_text(), load_brand
    yield "words.json", json.dumps({"words": words}), read_script
    yield "words.srt", subtitles, read_script
    yield "words.vtt", "WEBVTT\n\n" + subtitles.replace(",", "."), read_script


def _configured(path: Path) -> object:
    return load_settings(environment={"AI_VIDEO_EDITOR_CONFIG_PATH": str(path)})


def main() -> None:
    """Read the mutants; print what should not have come out."""
    kind, seed, count, folder, clip, home = sys.argv[1:7]
    chance = random.Random(f"{kind}-{seed}")
    read, refused = 0, 0
    sources: list[tuple[str, bytes | str, Callable[[Path], object]]]
    if kind == "media":
        seeds = media_seeds(Path(folder), Path(clip))
        sources = [(path.name, path.read_bytes(), read_media) for path in seeds]
    else:
        sources = list(documents(Path(home)))
    for number in range(int(count)):
        name, whole, reader = chance.choice(sources)
        mutant = Path(folder) / f"{number}-{name}"
        data = mutated_text(whole, chance) if isinstance(whole, str) else mutated(whole, chance)
        mutant.write_bytes(data)
        try:
            reader(mutant)
            read += 1
        except EditorError as error:
            refused += 1
            if len(str(error).splitlines()) > 1:
                print(f"FAULT {mutant.name}: more than one line: {error}")
        except BaseException as error:  # whatever else comes out is what is looked for
            print(f"FAULT {mutant.name}: {type(error).__name__}: {error}".replace("\n", " ")[:300])
            traceback.print_exc()
            continue
        mutant.unlink()
    print(f"read {read}, refused {refused} of {count}", flush=True)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
