"""What is run: our renders, the hand-written command, and smartcut where it is installed."""

from __future__ import annotations

import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

from ai_video_editor.composition.composer import Render, VideoComposer
from ai_video_editor.composition.encoder import GOP_SECONDS, QUALITIES
from ai_video_editor.context.audio import AudioAnalysis, Word
from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.outputs import BRollPackage, ComposedVideo
from ai_video_editor.context.plan import AIDirectorPlan, Kept, PlanInput
from ai_video_editor.digests import hash_file
from ai_video_editor.media.probe import film_format, probe
from ai_video_editor.media.program import ffmpeg_path
from ai_video_editor.settings import CompositionSettings
from ai_video_editor.timebase import source_time
from benchmarks.render.evaluator import Cost

Frames = Sequence[tuple[int, int]]
"""Kept frames of the recording, half-open, in order."""

WORD = Fraction(2, 5)
"""Seconds of a word in captioned films."""

QUALITY = "high"
"""The product's default."""


def timed(work: Callable[[], object]) -> Cost:
    """Run once and look at both clocks, children included."""
    wall, processor = time.perf_counter(), _processor()
    work()
    return Cost(time.perf_counter() - wall, _processor() - processor)


def _processor() -> float:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(kind) for kind in kinds]
    return sum(one.ru_utime + one.ru_stime for one in used)


def ours(
    recording: Path, kept: Frames, target: Path, render: Render, *, captioned: bool = False
) -> ComposedVideo:
    """Our whole composition: sound cut, levelled and limited, picture, file counted.

    Args:
        recording: the only input.
        kept: what stays of it.
        target: the film.
        render: smart or full.
        captioned: captions are drawn into the picture, a word every 0.4 s of the recording.
    """
    file = probe(recording, hash_file(recording))
    metadata = film_format([file])
    rate = metadata.rate
    plan = AIDirectorPlan(
        director="rules",
        film_frame_rate=metadata.frame_rate,
        inputs=(
            PlanInput(
                path=str(recording), sha256=file.sha256, duration=file.duration,
                frame_rate=metadata.frame_rate,
            ),
        ),
        kept=tuple(
            Kept(input=0, start=source_time(rate.time_of(a)), end=source_time(rate.time_of(b)))
            for a, b in kept
        ),
    )  # fmt: skip

    def place(ref: MediaRef) -> Path:
        return target.with_suffix(ref.suffix)

    def keep(path: Path) -> MediaRef:
        ref = MediaRef(sha256="0" * 64, suffix=path.suffix, size=path.stat().st_size)
        shutil.move(path, place(ref))
        return ref

    settings = CompositionSettings(burn_captions="pop" if captioned else None)
    composer = VideoComposer(settings, quality=QUALITY, audio_track="0")
    heard = _spoken(file.duration) if captioned else None
    return composer.compose_video(
        plan, [(file, recording)], metadata, heard, BRollPackage(),
        path_of=place, keep=keep, scratch=target.with_suffix(".scratch"),
        timeout=7200, render=render,
    )  # fmt: skip


def _spoken(seconds: Fraction) -> AudioAnalysis:
    """Words over the whole recording, eight in a sentence."""
    count = int(seconds / WORD)
    words = tuple(
        Word(
            text=f"word{number}." if number % 8 == 7 else f"word{number}", confidence=1.0,
            start=source_time(number * WORD), end=source_time((number + 1) * WORD),
        )
        for number in range(count)
    )  # fmt: skip
    return AudioAnalysis(engine="imported", language="en", quality=1.0, words=words)


def by_hand(recording: Path, kept: Frames, target: Path, rate: int = 30) -> None:
    """One ffmpeg command that makes the same cut with the same encoder settings.

    It selects the frames and samples and numbers them anew; the sound is neither faded nor
    levelled.
    """
    quality = QUALITIES[QUALITY]
    picture = "+".join(f"between(n,{start},{end - 1})" for start, end in kept)
    heard = "+".join(
        f"between(t,{float(Fraction(start, rate))},{float(Fraction(end, rate))})"
        for start, end in kept
    )
    graph = (
        f"[0:v]select='{picture}',setpts=N/{rate}/TB[v];[0:a]aselect='{heard}',asetpts=N/SR/TB[a]"
    )
    command = [
        ffmpeg_path(), "-v", "error", "-nostdin", "-y", "-i", str(recording),
        "-filter_complex", graph, "-map", "[v]", "-map", "[a]",
        "-c:v", "libx264", "-preset", quality.preset, "-crf", str(quality.crf),
        "-profile:v", "high", "-pix_fmt", "yuv420p", "-g", str(GOP_SECONDS * rate), "-bf", "2",
        "-c:a", "aac", "-b:a", "256k", "-ar", "48000", "-ac", "2",
        "-movflags", "+faststart", str(target),
    ]  # fmt: skip
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def smartcut(recording: Path, kept: Frames, target: Path, rate: int = 30) -> None:
    """The same cut by smartcut's command, which must be on the path.

    Raises:
        FileNotFoundError: it is not installed.
    """
    program = shutil.which("smartcut")
    if program is None:
        raise FileNotFoundError("smartcut")
    times = ",".join(f"{start / rate:.6f},{end / rate:.6f}" for start, end in kept)
    command = [program, str(recording), str(target), "--keep", times]
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise FileNotFoundError(f"smartcut failed: {done.stderr[-300:].decode()}")
