"""Makes `sample.mp4` and `truth.json`: a little talk with everything planted that an editor finds.

    python samples/make_sample.py

Voice, face and slides are all made here, so that the film is free to pass on and every word's time
is known. Needs flite (Debian: `apt install flite`); using the sample needs nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from sample_presenter import HEIGHT, MOUTHS, WIDTH, Picture, Pose, Presenter
from sample_script import LEAD_IN, LINES, NUMBERS, Line
from sample_slides import chart_slide, rules_slide, title_slide

from ai_video_editor.media.ffmpeg import ffmpeg_path
from benchmarks.tts import SAMPLE_RATE, Flite, FliteMissing, Spoken

FOLDER = Path(__file__).resolve().parent
RATE = 30
SEED = 7
ROOM_TONE = -60.0
"""Level of the noise under everything, dBFS RMS."""
PEAK = 0.5
"""Of the voice; quiet enough that a film needs to be made louder."""
LONG_PAUSE = 0.8
"""Seconds; a longer silence counts as a pause."""


@dataclass(frozen=True)
class Placed:
    """An utterance at its place: seconds of the film."""

    line: Line
    spoken: Spoken
    start: float

    @property
    def end(self) -> float:
        """When its last word ends."""
        return self.start + self.spoken.duration


def placed_lines() -> tuple[list[Placed], float]:
    """Every line spoken and placed, and the film's duration in whole frames."""
    voice = Flite("slt")
    position, placed = LEAD_IN, []
    for line in LINES:
        placed.append(Placed(line, voice.say(line.plain), position))
        position = placed[-1].end + line.pause
    return placed, int(np.ceil(position * RATE)) / RATE


def sound(placed: list[Placed], duration: float) -> NDArray[np.float32]:
    """Voice over room tone, mono at flite's rate."""
    noise = np.random.default_rng(SEED).normal(size=round(duration * SAMPLE_RATE))
    samples = (noise * 10 ** (ROOM_TONE / 20)).astype(np.float32)
    gain = PEAK / max(float(np.abs(one.spoken.samples).max()) for one in placed)
    for one in placed:
        first = round(one.start * SAMPLE_RATE)
        samples[first : first + len(one.spoken.samples)] += gain * one.spoken.samples
    return samples


def truth(placed: list[Placed], duration: float) -> dict[str, Any]:
    """All that is known of the film; times in seconds."""
    words: list[dict[str, Any]] = []
    fillers: list[dict[str, Any]] = []
    for one in placed:
        events: dict[int, list[dict[str, Any]]] = {}
        marks = one.line.marks()
        for (text, start, end), (event, protected) in zip(one.spoken.words, marks, strict=True):
            word = {
                "text": text,
                "start": round(one.start + start, 4),
                "end": round(one.start + end, 4),
                "filler": event >= 0,
                "protected": protected,
            }
            words.append(word)
            if event >= 0:
                events.setdefault(event, []).append(word)
        fillers += [
            {
                "text": " ".join(word["text"] for word in event).strip(",").lower(),
                "start": event[0]["start"],
                "end": event[-1]["end"],
            }
            for event in events.values()
        ]
    return {
        "duration": round(duration, 4),
        "frame_rate": f"{RATE}/1",
        "words": words,
        "fillers": fillers,
        "pauses": [
            {
                "start": round(one.end, 4),
                "end": round(one.end + one.line.pause, 4),
                "deliberate": one.line.deliberate,
            }
            for one in placed[:-1]
            if one.line.pause > LONG_PAUSE
        ],
        "retakes": [_retake(placed)],
        "chapters": [
            {"start": round(one.start, 4), "title": one.line.chapter}
            for one in placed
            if one.line.chapter
        ],
        "shots": _shots(placed, duration),
        "numbers": [dict(number) for number in NUMBERS],
    }


def _retake(placed: list[Placed]) -> dict[str, Any]:
    """The take that was broken off, and the one that stays."""
    abandoned = [index for index, one in enumerate(placed) if one.line.abandoned]
    kept = placed[abandoned[-1] + 1]
    return {
        "start": round(placed[abandoned[0]].start, 4),
        "end": round(placed[abandoned[-1]].end, 4),
        "text": " ".join(placed[index].line.plain for index in abandoned),
        "kept_start": round(kept.start, 4),
        "kept_end": round(kept.end, 4),
        "kept_text": kept.line.plain,
    }


def _shots(placed: list[Placed], duration: float) -> list[dict[str, Any]]:
    """Shots cut on a frame, a little before the line that they belong to."""
    shots: list[dict[str, Any]] = []
    for one in placed:
        if not shots or shots[-1]["kind"] != one.line.shot:
            start = round(max(0.0, one.start - 0.2) * RATE) / RATE if shots else 0.0
            shots.append({"start": round(start, 4), "kind": one.line.shot})
    ends = [shot["start"] for shot in shots[1:]] + [round(duration, 4)]
    return [{**shot, "end": end} for shot, end in zip(shots, ends, strict=True)]


def poses(samples: NDArray[np.float32], frames: int) -> Iterator[Pose]:
    """The presenter's state in every frame: the mouth follows the loudness of the voice."""
    rng = np.random.default_rng(SEED)
    window = SAMPLE_RATE // RATE
    levels = np.array([
        20 * np.log10(1e-6 + float(np.sqrt(np.mean(samples[k * window : (k + 1) * window] ** 2))))
        for k in range(frames)
    ])  # fmt: skip
    loud = np.clip((levels + 42) / 26, 0, 1) ** 1.2
    opening = np.convolve(loud, (0.2, 0.6, 0.2), mode="same")
    stress = np.convolve(opening, np.ones(25) / 25, mode="same")
    blinks = np.zeros(frames, dtype=int)
    position = 40
    while position < frames - 4:
        blinks[position : position + 4] = (1, 2, 2, 1)
        position += int(rng.integers(70, 150))
    for frame in range(frames):
        t = frame / RATE
        turn = 0.9 * np.sin(2 * np.pi * t / 5.3) + 0.6 * np.sin(2 * np.pi * t / 2.9 + 1)
        yield Pose(
            mouth=round(float(opening[frame]) * (MOUTHS - 1)),
            lids=int(blinks[frame]),
            brows=int(np.clip(stress[frame] * 5 - 0.9, 0, 2)),
            turn=float(turn),
            shift=(
                float(4.0 * np.sin(2 * np.pi * t / 6.1) + 2.0 * turn),
                float(1.5 * np.sin(2 * np.pi * t / 3.7) + 5.0 * stress[frame] - 1.5),
            ),
            breath=float(1.6 + 1.6 * np.sin(2 * np.pi * t / 4.2)),
        )


def pictures(shots: list[dict[str, Any]], samples: NDArray[np.float32]) -> Iterator[Picture]:
    """Every frame of the film, BGR."""
    presenter = Presenter()
    slides = {
        kind: cv2.cvtColor(np.asarray(slide()), cv2.COLOR_RGB2BGR).astype(np.uint8)
        for kind, slide in (("title", title_slide), ("chart", chart_slide), ("rules", rules_slide))
    }
    frames = round(shots[-1]["end"] * RATE)
    for frame, pose in enumerate(poses(samples, frames)):
        kind = next(shot["kind"] for shot in shots if frame < round(shot["end"] * RATE))
        yield presenter.frame(pose) if kind == "presenter" else slides[kind]


def encode(target: Path, images: Iterator[Picture], samples: NDArray[np.float32]) -> None:
    """Write H.264 and AAC, a key frame every two seconds and at every cut."""
    with tempfile.TemporaryDirectory() as folder:
        sound_file = Path(folder) / "sound.wav"
        with wave.open(str(sound_file), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(SAMPLE_RATE)
            out.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
        command = [
            ffmpeg_path(), "-hide_banner", "-loglevel", "error", "-y",
            "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(RATE),
            "-i", "pipe:0", "-i", str(sound_file),
            "-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p",
            "-c:v", "libx264", "-profile:v", "high", "-preset", "slow", "-crf", "22",
            "-maxrate", "900k", "-bufsize", "1800k", "-g", "60", "-keyint_min", "30",
            "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
            "-c:a", "aac", "-b:a", "96k", "-ar", "48000", "-ac", "1",
            "-movflags", "+faststart", "-map_metadata", "-1", str(target),
        ]  # fmt: skip
        with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
            assert process.stdin is not None
            for image in images:
                process.stdin.write(image.tobytes())
            process.stdin.close()
        if process.returncode:
            raise SystemExit("ffmpeg could not write the sample")


def main() -> None:
    """Make both files beside this script."""
    try:
        placed, duration = placed_lines()
    except FliteMissing as error:
        sys.exit(str(error))
    samples = sound(placed, duration)
    known = truth(placed, duration)
    encode(FOLDER / "sample.mp4", pictures(known["shots"], samples), samples)
    text = json.dumps(known, indent=1, ensure_ascii=False) + "\n"
    (FOLDER / "truth.json").write_text(text, encoding="utf-8")
    size = (FOLDER / "sample.mp4").stat().st_size / 1e6
    print(f"sample.mp4: {duration:.1f} s, {size:.2f} MB; {len(known['words'])} words")


if __name__ == "__main__":
    main()
