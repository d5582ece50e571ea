"""A transcript that somebody made already: subtitles or a recogniser's JSON.

Its words are taken as they are. Where only lines have times, words are spread inside them by
their length; the sound puts their edges right later, as it does for every recogniser.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ai_video_editor.audio.transcription.engine import Transcript
from ai_video_editor.audio.transcription.transcript_files import (
    Heard,
    Line,
    Script,
    read_script,
)
from ai_video_editor.context.audio import Word
from ai_video_editor.errors import InputError
from ai_video_editor.progress import Report
from ai_video_editor.timebase import SourceTime, TimeRange, source_time

_TRUSTED = 0.9
"""Confidence of a word whose file says nothing: somebody chose to give us this transcript."""

_SPREAD = 0.8
"""Confidence of a word whose place inside its line is reckoned."""

_LEAST_VOICE = 0.3
"""Share of a line with voice in it, under which its times cannot mean this sound."""

_SHORTEST = 0.03
"""Seconds a word lasts at least."""


def unavailable(path: Path) -> str | None:
    """Why a transcript cannot be used, or None where it can."""
    try:
        read_script(path)
    except InputError as error:
        return error.message
    return None


@dataclass(frozen=True)
class ImportedTranscriber:
    """Says what a file says.

    Args:
        path: .srt, .vtt or .json.
        input: the input whose words are wanted; a file without input numbers tells of the first.
    """

    path: Path
    input: int = 0
    name: str = "imported"
    language: str | None = None

    def for_input(self, index: int) -> ImportedTranscriber:
        """The same file, for another input."""
        return replace(self, input=index)

    def transcribe(
        self, wav: Path, spans: Sequence[TimeRange[SourceTime]], report: Report
    ) -> Transcript:
        """Words of the file that were said in this input.

        Overlaps are taken out, words past the last voice of the recording are left out by the
        analyzer, and both are noted. The spans only help to lay out lines that have no word times.

        Raises:
            InputError: the file cannot be used.
        """
        report(None, f"reading {self.path.name}")
        script = read_script(self.path)
        spoken = [
            word
            for line in script.lines
            for word in spread(line, spans)
            if word.input == self.input and any(c.isalnum() for c in word.text)
        ]
        notes = list(script.notes)
        words, repaired = _in_order(spoken)
        if repaired:
            notes.append(
                f"{repaired} words of the transcript {self.path.name} overlapped or ran "
                "backwards; their times were put in order."
            )
        if not words and self.input == 0:
            raise InputError(f"The transcript {self.path.name} holds no words with times.")
        quality = sum(word.confidence for word in words) / len(words) if words else 0.0
        report(1.0, f"reading {self.path.name}")
        given = [word for line in script.lines for word in line.words]
        timed = sum(word.start is not None and word.end is not None for word in given)
        return Transcript(
            tuple(words),
            self._language(script),
            round(quality, 3),
            tuple(notes),
            timed=2 * timed >= len(given),
        )

    def _language(self, script: Script) -> str:
        if self.language or script.language:
            return (self.language or script.language or "und").split("-")[0].lower()
        return "und"


def spread(line: Line, spans: Sequence[TimeRange[SourceTime]] = ()) -> list[Heard]:
    """The line's words, each with a time: known ones kept, the others laid between by length.

    Args:
        line: words of one cue.
        spans: where voice was found; words are laid over it and not over the pauses.
    """
    words = list(line.words)
    result: list[Heard] = []
    index = 0
    position = line.start
    while index < len(words):
        word = words[index]
        if word.start is not None and word.end is not None:
            result.append(word)
            position = word.end
            index += 1
            continue
        stop = index + 1
        while stop < len(words) and words[stop].start is None:
            stop += 1
        begin = word.start if word.start is not None else position
        end = words[stop].start if stop < len(words) else max(line.end, begin)
        group = words[index:stop]
        result.extend(_laid_out(group, begin, end if end is not None else line.end, spans))
        position = result[-1].end or begin
        index = stop
    return result


def _laid_out(
    words: Sequence[Heard], start: float, end: float, spans: Sequence[TimeRange[SourceTime]]
) -> list[Heard]:
    weights = np.cumsum([0.0] + [_weight(word.text) for word in words])
    voiced = [
        (max(start, float(span.start)), min(end, float(span.end)))
        for span in spans
        if float(span.start) < end and float(span.end) > start
    ]
    if sum(b - a for a, b in voiced) < _LEAST_VOICE * (end - start):
        voiced = [(start, max(start, end))]
    # a clock that stands still in the pauses: position on it to time
    passed = np.cumsum([0.0] + [b - a for a, b in voiced])
    shares = weights / weights[-1] * passed[-1]
    laid = []
    for index, word in enumerate(words):
        begin = _on_clock(float(shares[index]), voiced, passed, after=True)
        stop = _on_clock(float(shares[index + 1]), voiced, passed, after=False)
        sure = _SPREAD if word.confidence is None else word.confidence
        laid.append(replace(word, start=begin, end=max(begin, stop), confidence=sure))
    return laid


def _on_clock(
    share: float,
    voiced: Sequence[tuple[float, float]],
    passed: npt.NDArray[np.float64],
    after: bool,
) -> float:
    """The time at which so many seconds of voice have passed; at a pause its end, if `after`."""
    place = int(np.searchsorted(passed, share + (1e-9 if after else -1e-9), side="right")) - 1
    place = min(max(place, 0), len(voiced) - 1)
    return min(voiced[place][1], voiced[place][0] + share - float(passed[place]))


def _weight(text: str) -> float:
    """How long a word takes beside others: a beat of its own, its letters, a rest after a stop."""
    letters = sum(letter.isalnum() for letter in text)
    rest = 3.0 if text[-1:] in ".!?" else 1.5 if text[-1:] in ",;:" else 0.0
    return 1.5 + letters + rest


def _in_order(spoken: Sequence[Heard]) -> tuple[list[Word], int]:
    """Words in order of time without overlaps, and how many had to be moved."""
    ordered = sorted(
        (word for word in spoken if word.start is not None and word.end is not None),
        key=lambda word: (word.start, word.end),
    )
    words: list[Word] = []
    repaired = 0
    for word in ordered:
        start, end = max(0.0, word.start or 0.0), word.end or 0.0
        if words and start < float(words[-1].end) - 0.001:
            repaired += 1
            middle = (start + float(words[-1].end)) / 2
            last = words[-1]
            if middle > float(last.start) + _SHORTEST:
                words[-1] = last.model_copy(update={"end": source_time(middle)})
            start = max(middle, float(words[-1].end))
        if end < start + _SHORTEST:
            end = start + _SHORTEST
        sure = _TRUSTED if word.confidence is None else word.confidence
        words.append(
            Word(
                text=word.text,
                start=source_time(start),
                end=source_time(end),
                confidence=sure,
            )
        )
    return words, repaired
