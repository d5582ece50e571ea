"""Peak memory of an analysis, measured in a process of its own.

    python -m benchmarks.speech.memory SECONDS FOLDER

writes a synthetic talk of that length, analyses it with a script for a recogniser (so that every
step but Whisper's decoding runs, whose memory does not depend on the length), and prints the peak.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np

_RATE = 16_000
_PHRASE, _REST = 2.4, 0.9
_WORDS = 6


def peak_of(seconds: int, folder: Path) -> float:
    """Peak memory of one analysis, MB.

    Raises:
        RuntimeError: the measuring process failed.
    """
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.speech.memory", str(seconds), str(folder)],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        raise RuntimeError(f"measuring memory failed: {done.stderr[-2000:]}")
    return float(json.loads(done.stdout)["peak_mb"])


def synthetic(path: Path, seconds: int) -> list[tuple[float, float]]:
    """Write voiced phrases with rests between them; when each phrase is.

    A harmonic tone whose colour moves three times a second: the voice detector takes it for
    speech, and it needs no text-to-speech for two hours.
    """
    rng = np.random.default_rng(5)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        phrases, position = [], 0.0
        while position < seconds:
            phrases.append((position, position + _PHRASE))
            sound = np.concatenate((_voiced(rng), np.zeros(round(_REST * _RATE))))
            sound += rng.normal(0, 0.0005, sound.size)
            file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
            position += sound.size / _RATE
    return phrases


def _voiced(rng: np.random.Generator) -> np.ndarray:
    time = np.arange(round(_PHRASE * _RATE)) / _RATE
    pitch = 120 + 12 * np.sin(2 * np.pi * 0.7 * time + rng.uniform(0, 6))
    phase = 2 * np.pi * np.cumsum(pitch) / _RATE
    first = 550 + 220 * np.sin(2 * np.pi * 3 * time + rng.uniform(0, 6))
    second = 1500 + 500 * np.sin(2 * np.pi * 2.3 * time + rng.uniform(0, 6))
    sound = np.zeros(time.size)
    for harmonic in range(1, 30):
        frequency = harmonic * pitch
        strength = np.exp(-(((frequency - first) / 160) ** 2)) + 0.6 * np.exp(
            -(((frequency - second) / 220) ** 2)
        )
        sound += (strength + 0.02) / harmonic**0.3 * np.sin(harmonic * phase)
    syllables = np.clip(0.55 + 0.6 * np.sin(2 * np.pi * 4 * time), 0.05, 1)
    return np.asarray(0.25 * sound / np.abs(sound).max() * syllables)


def _measure(seconds: int, folder: Path) -> None:
    from ai_video_editor.audio.transcription.engine import ScriptedTranscriber
    from ai_video_editor.context.audio import Word
    from ai_video_editor.timebase import source_time
    from benchmarks.speech.ours import hear

    path = folder / f"talk-{seconds}.wav"
    phrases = synthetic(path, seconds)
    step = _PHRASE / _WORDS
    words = tuple(
        Word(
            text=("Word", "after", "word", "is", "said", "here.")[number],
            start=source_time(start + number * step),
            end=source_time(start + (number + 1) * step),
            confidence=0.9,
        )
        for start, _ in phrases
        for number in range(_WORDS)
    )
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    result = hear(path, ScriptedTranscriber(words), scratch)
    path.unlink()
    found = {"peak_mb": round(_peak(), 1), "words": len(result.analysis.words)}
    print(json.dumps(found))


def _peak() -> float:
    # the kernel counts the parent's memory at the time of the fork into getrusage's peak
    status = Path("/proc/self/status")
    if status.is_file():
        fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(fields["VmHWM"].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    _measure(int(sys.argv[1]), Path(sys.argv[2]))
