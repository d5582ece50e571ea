"""The best that calling faster-whisper directly gives, on the same files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.speech.recordings import Said

_PLAIN = {"beam_size": 5, "temperature": 0.0, "condition_on_previous_text": False}

WINDOW = 13
"""Seconds decoded at once, of ours and of the call it is timed against: the test model, trained on
short recordings, loses the thread in longer stretches (the direct call's errors at 26 s: 10 %)."""

SAME = f"batched, chunk_length={WINDOW}"
"""The call that asks for what ours asks for."""

Call = Callable[[Path], list[Said]]


def calls(model: Path) -> dict[str, Call]:
    """Name of each way of calling to the call."""
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    whisper = WhisperModel(str(model), device="cpu", compute_type="int8", local_files_only=True)
    batched = BatchedInferencePipeline(whisper)

    def plain(**more: Any) -> Call:
        return lambda path: _words(
            whisper.transcribe(str(path), word_timestamps=True, vad_filter=True, **_PLAIN, **more)
        )

    def together(**more: Any) -> Call:
        return lambda path: _words(
            batched.transcribe(
                str(path),
                word_timestamps=True,
                without_timestamps=False,
                batch_size=4,
                **_PLAIN,
                **more,
            )
        )

    return {
        "vad_filter": plain(),
        "vad_filter, chunk_length=12": plain(chunk_length=12),
        "batched, chunk_length=12": together(chunk_length=12),
        SAME: together(chunk_length=WINDOW),
    }


def _words(result: tuple[Any, Any]) -> list[Said]:
    segments, _ = result
    return [
        Said(word.word.strip(), float(word.start), float(word.end))
        for segment in segments
        for word in segment.words or ()
    ]
