"""Spoils a good film in every way there is a check for, and prints which check finds it.

    python -m benchmarks.spoiled [--json FILE]

The film is cut from the bundled sample, with its captions. Every spoiled file is made of it by one
ffmpeg command (or a few changed bytes) and verified as a delivered file is.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from ai_video_editor.composition.caption_track import caption_track, switch_off_captions
from ai_video_editor.composition.captions import srt
from ai_video_editor.composition.composer import VideoComposer
from ai_video_editor.context.audio import AudioAnalysis, Word
from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.context.outputs import BRollPackage, Caption, ComposedVideo, Verification
from ai_video_editor.context.plan import AIDirectorPlan, Kept, PlanInput
from ai_video_editor.digests import hash_file
from ai_video_editor.media.probe import film_format, probe
from ai_video_editor.media.program import ffmpeg_path
from ai_video_editor.settings import CompositionSettings
from ai_video_editor.timebase import FilmTime, source_time
from ai_video_editor.verification.verifier import verify

SAMPLES = Path(__file__).resolve().parents[1] / "samples"

KEPT = ((0.5, 4.93), (5.24, 6.8), (12.5, 16.5), (17.0, 18.9))
"""Seconds of the sample: a presenter speaks, three fillers and a pause are left out."""

PLAIN = ("-use_editlist", "0", "-movflags", "+faststart+negative_cts_offsets")
"""How a film of ours is written, without which a copy of it is spoiled already."""


@dataclass(frozen=True)
class Film:
    """A good film and what it is checked against.

    Attributes:
        path: the film.
        plan: its cut.
        composed: what the composer promised.
        files: the recording.
        captions: the SRT file beside it.
        words: film seconds of every word's start and end.
    """

    path: Path
    plan: AIDirectorPlan
    composed: ComposedVideo
    files: Sequence[tuple[VideoFile, Path]]
    captions: Path
    words: Sequence[tuple[float, float]]

    def verified(self, film: Path | None = None) -> Verification:
        """What the verification says of it, or of a spoiled copy."""
        return verify(
            film or self.path, self.plan, self.composed, files=self.files, captions=self.captions
        )


@dataclass(frozen=True)
class Spoil:
    """One way to spoil a film.

    Attributes:
        name: what was done, for people.
        line: the check that must fail.
        make: writes the spoiled film to a path.
    """

    name: str
    line: str
    make: Callable[[Film, Path], None]


def good_film(folder: Path) -> Film:
    """Cut the film of the bundled sample.

    Args:
        folder: where its files are written.
    """
    recording = SAMPLES / "sample.mp4"
    file = probe(recording, hash_file(recording))
    metadata = film_format([file])
    truth = json.loads((SAMPLES / "truth.json").read_text(encoding="utf-8"))
    words = tuple(
        Word(
            text=word["text"], start=source_time(word["start"]), end=source_time(word["end"]),
            confidence=1.0, filler=word["filler"],
        )
        for word in truth["words"]
    )  # fmt: skip
    plan = AIDirectorPlan(
        director="rules", film_frame_rate=metadata.frame_rate,
        inputs=(
            PlanInput(path=str(recording), sha256=file.sha256, duration=file.duration,
                      frame_rate=metadata.frame_rate),
        ),
        kept=tuple(Kept(input=0, start=source_time(a), end=source_time(b)) for a, b in KEPT),
    )  # fmt: skip
    target = folder / "good.mp4"

    def keep(path: Path) -> MediaRef:
        shutil.move(path, target)
        return MediaRef(sha256=hash_file(target), suffix=target.suffix, size=target.stat().st_size)

    composed = VideoComposer(CompositionSettings(), quality="low", audio_track="0").compose_video(
        plan, [(file, recording)], metadata,
        AudioAnalysis(engine="imported", language="en", quality=1.0, words=words), BRollPackage(),
        path_of=lambda _: target, keep=keep, scratch=folder / "scratch", timeout=600,
    )  # fmt: skip
    captions = folder / "captions.srt"
    captions.write_text(srt(composed.captions), encoding="utf-8")
    time_map = plan.time_map()
    spoken = [
        (time_map.to_film(0, word.start), time_map.to_film(0, word.end))
        for word in words
        if not word.filler
    ]
    heard = [(float(a), float(b)) for a, b in spoken if a is not None and b is not None]
    return Film(target, plan, composed, [(file, recording)], captions, heard)


def spoils() -> list[Spoil]:
    """Every way to spoil a film, with the check that is to find it."""
    return [
        Spoil("sound 100 ms late, time stamps as they were", "sound_offset", _late_sound),
        Spoil("sound 100 ms late by its time stamps", "av_offset", _late_stamps),
        Spoil("sound ends half a second early", "av_end", _sound("atrim=end=11.4")),
        Spoil("three frames dropped", "frames", _picture("select='not(between(n,60,62))'")),
        Spoil("one frame shown twice as long", "frame_times",
              _picture("setpts='PTS+gte(N,60)/(30*TB)'")),
        Spoil("black for 0.7 s", "black",
              _picture("drawbox=t=fill:color=black:enable='between(n,60,80)'")),
        Spoil("frozen for a second", "frozen",
              _picture("loop=loop=30:size=1:start=60,select='not(between(n,91,120))',"
                       "setpts=N/(30*TB)")),
        Spoil("silent for 2.2 s", "silent", _sound("volume=0:enable='between(t,1,3.2)'")),
        Spoil("a word clipped at a cut", "words_whole", _clipped),
        Spoil("another sound", "sound_at_cuts", _sound("areverse")),
        Spoil("4 dB too quiet", "loudness", _sound("volume=-4dB")),
        Spoil("20 dB too loud", "true_peak", _sound("volume=20dB")),
        Spoil("no captions in the film", "caption_track", _copied("-map", "-0:s")),
        Spoil("captions half a second late", "caption_track_times", _captions(_later)),
        Spoil("a caption says something else", "caption_track_text", _captions(_other_words)),
        Spoil("captions switched on", "caption_track_off", _copied()),
        Spoil("an edit list", "edit_list", _edit_list),
        Spoil("header at the end", "moov_first", _header_last),
        Spoil("half the size", "picture_size", _picture("scale=iw/2:ih/2")),
        Spoil("4:4:4 colour", "format", _picture("format=yuv444p")),
        Spoil("bytes damaged in the middle", "playable", _damaged),
    ]  # fmt: skip


def ffmpeg(*arguments: str | Path) -> None:
    """Run one command.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    command = [ffmpeg_path(), "-v", "error", "-nostdin", "-y", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)


def _picture(filters: str) -> Callable[[Film, Path], None]:
    """The picture filtered; sound and captions stay."""

    def make(film: Film, target: Path) -> None:
        ffmpeg("-i", film.path, "-map", "0", "-vf", filters, "-fps_mode", "passthrough",
               "-c:v", "libx264", "-preset", "superfast", "-c:a", "copy", "-c:s", "copy", *PLAIN,
               target)  # fmt: skip
        switch_off_captions(target)

    return make


def _sound(filters: str) -> Callable[[Film, Path], None]:
    """The sound filtered; picture and captions stay."""

    def make(film: Film, target: Path) -> None:
        # The encoder's own priming is dropped, as the composer does.
        ffmpeg("-i", film.path, "-map", "0", "-af", f"{filters},atrim=start_sample=1024",
               "-c:v", "copy", "-c:a", "aac", "-b:a", "256k", "-c:s", "copy", *PLAIN,
               target)  # fmt: skip
        switch_off_captions(target)

    return make


def _copied(*options: str) -> Callable[[Film, Path], None]:
    return lambda film, target: ffmpeg(
        "-i", film.path, "-map", "0", *options, "-c", "copy", *PLAIN, target
    )


def _late_sound(film: Film, target: Path) -> None:
    length = float(film.composed.duration)
    _sound(f"adelay=100:all=1,atrim=end={length}")(film, target)


def _late_stamps(film: Film, target: Path) -> None:
    ffmpeg("-i", film.path, "-itsoffset", "0.1", "-i", film.path, "-map", "0:v", "-map", "1:a",
           "-map", "0:s", "-c", "copy", "-movflags", "+faststart", target)  # fmt: skip
    switch_off_captions(target)


def _clipped(film: Film, target: Path) -> None:
    """The second half of the last word before the first cut goes."""
    cut = KEPT[0][1] - KEPT[0][0]
    start, end = max(word for word in film.words if word[1] <= cut + 0.05)
    _sound(f"volume=0:enable='between(t,{(start + end) / 2},{end})'")(film, target)


def _captions(change: Callable[[Caption], Caption]) -> Callable[[Film, Path], None]:
    def make(film: Film, target: Path) -> None:
        track = caption_track(
            [change(caption) for caption in film.composed.captions], "en",
            Fraction(film.composed.duration), target.with_suffix(".track.mp4"),
        )  # fmt: skip
        if track is None:
            raise ValueError("the film has no captions to spoil")
        ffmpeg("-i", film.path, "-i", track.path, "-map", "0:v", "-map", "0:a", "-map", "1:s",
               "-c", "copy", *PLAIN, target)  # fmt: skip
        switch_off_captions(target)

    return make


def _later(caption: Caption) -> Caption:
    late = Fraction(1, 2)
    return caption.model_copy(
        update={"start": FilmTime(caption.start + late), "end": FilmTime(caption.end + late)}
    )


def _other_words(caption: Caption) -> Caption:
    return caption.model_copy(update={"lines": (*caption.lines[:-1], "Something else.")})


def _edit_list(film: Film, target: Path) -> None:
    ffmpeg("-i", film.path, "-map", "0", "-c", "copy", "-use_editlist", "1",
           "-movflags", "+faststart", target)  # fmt: skip
    switch_off_captions(target)


def _header_last(film: Film, target: Path) -> None:
    ffmpeg("-i", film.path, "-map", "0", "-c", "copy", "-use_editlist", "0",
           "-movflags", "negative_cts_offsets", target)  # fmt: skip
    switch_off_captions(target)


def _damaged(film: Film, target: Path) -> None:
    data = bytearray(film.path.read_bytes())
    middle = data.index(b"mdat") + len(data) // 3
    data[middle : middle + 8000] = bytes(8000)
    target.write_bytes(data)


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 1 where a spoiled film passes, or the good one does not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spoiled")
    parser.add_argument("--json", type=Path, help="where to write the table")
    options = parser.parse_args(arguments)
    rows: list[tuple[str, str, str]] = []
    missed = 0
    with tempfile.TemporaryDirectory(prefix="spoiled-") as name:
        folder = Path(name)
        film = good_film(folder)
        failed = _failed(film.verified())
        rows.append(("nothing", "none", ", ".join(failed) or "none"))
        missed += bool(failed)
        for number, spoil in enumerate(spoils()):
            print(f"… {spoil.name}", file=sys.stderr, flush=True)
            target = folder / f"spoiled-{number}.mp4"
            spoil.make(film, target)
            failed = _failed(film.verified(target))
            missed += spoil.line not in failed
            others = [line for line in failed if line != spoil.line]
            found = [f"**{spoil.line}**", *others] if spoil.line in failed else failed
            rows.append((spoil.name, spoil.line, ", ".join(found) or "NOTHING"))
            target.unlink()
    table = [("spoiled by", "must fail", "fails"), ("---",) * 3, *rows]
    print("\n".join("| " + " | ".join(row) + " |" for row in table))
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return 1 if missed else 0


def _failed(verification: Verification) -> list[str]:
    return [check.name for check in verification.checks if check.state == "failed"]


if __name__ == "__main__":
    sys.exit(main())
