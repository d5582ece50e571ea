"""What a recogniser is, what it gives back, and how long speech is cut for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Protocol, runtime_checkable

from ai_video_editor.context.audio import Word
from ai_video_editor.progress import Report
from ai_video_editor.timebase import SourceTime, TimeRange

UNKNOWN_LANGUAGE = "und"
"""ISO 639-2 code for a language that nobody determined."""


@dataclass(frozen=True)
class Transcript:
    """Words of one recording in order of time.

    Attributes:
        words: as heard, punctuation attached; `input` is 0, whatever file they are from.
        language: ISO 639-1 code, "und" where unknown.
        quality: 0 to 1, how far the words can be trusted; under 0.6 they stay out of print.
        notes: what was doubtful or repaired, in the user's words.
        left_out: words that the recogniser made up and that are not among `words`.
        timed: whether most words have times of their own; false where lines were spread.
    """

    words: tuple[Word, ...]
    language: str
    quality: float
    notes: tuple[str, ...] = ()
    left_out: int = 0
    timed: bool = True


class Transcriber(Protocol):
    """Turns speech into words with times."""

    @property
    def name(self) -> str:
        """Which recogniser it is: whisper, sphinx, imported, or scripted."""

    @property
    def language(self) -> str | None:
        """ISO 639-1 code it was told to hear; None lets it find out."""

    def transcribe(
        self, wav: Path, spans: Sequence[TimeRange[SourceTime]], report: Report
    ) -> Transcript:
        """Words of the spans of one 16 kHz mono WAV.

        Args:
            wav: the recording.
            spans: where voice was found, in order; nothing outside needs to be heard.
            report: told the share done.

        Raises:
            UnavailableError: it cannot run here.
            InputError: what it was given cannot be used.
        """


@runtime_checkable
class PerInput(Protocol):
    """A transcriber whose words differ from input to input without hearing them."""

    def for_input(self, index: int) -> Transcriber:
        """The transcriber of one input's words."""


@dataclass(frozen=True)
class ScriptedTranscriber:
    """Says the words it was given: for documentation, tests and known scripts.

    Args:
        words: what it will say; those outside the spans it is asked for are left out.
        language: ISO 639-1 code.
        quality: what it claims for them.
        name: what it calls itself.
    """

    words: tuple[Word, ...]
    language: str = "en"
    quality: float = 1.0
    name: str = "scripted"

    def transcribe(
        self, wav: Path, spans: Sequence[TimeRange[SourceTime]], report: Report
    ) -> Transcript:
        """The given words that touch a span."""
        touched = tuple(
            word for word in self.words if any(word.range.overlaps(span) for span in spans)
        )
        report(1.0, "reading the script")
        return Transcript(touched, self.language, self.quality)


def decode_windows(
    spans: Sequence[TimeRange[SourceTime]],
    longest: float,
    *,
    padding: Fraction = Fraction(1, 5),
) -> list[TimeRange[SourceTime]]:
    """Speech gathered into stretches that a recogniser hears at once.

    A stretch holds as many spans as fit and ends at the widest gap of its second half, so that
    sentences stay whole. Each is padded into the silence around it, never over half of it.
    A span that alone is longer than `longest` is cut into equal parts.

    Args:
        spans: ranges with voice, in order, not overlapping.
        longest: seconds of the longest stretch, padding included.
        padding: seconds of silence kept on either side, at most.
    """
    groups = gathered(spans, Fraction(longest).limit_denominator(1000) - 2 * padding)
    windows = []
    for index, group in enumerate(groups):
        before = groups[index - 1][-1].end if index else SourceTime(Fraction(0))
        after = groups[index + 1][0].start if index + 1 < len(groups) else None
        first, last = group[0].start, group[-1].end
        lead = min(padding, (first - before) / 2 if index else first)
        trail = padding if after is None else min(padding, (after - last) / 2)
        windows.append(TimeRange(SourceTime(first - lead), SourceTime(last + trail)))
    return windows


def gathered(
    spans: Sequence[TimeRange[SourceTime]], longest: Fraction
) -> list[list[TimeRange[SourceTime]]]:
    """Spans in groups that last at most `longest` seconds, each ended at the widest gap there is.

    A span that alone is longer is cut into equal parts.

    Args:
        spans: ranges with voice, in order, not overlapping.
        longest: seconds from the start of a group's first span to the end of its last.
    """
    short = [part for span in spans for part in _parts(span, longest)]
    groups: list[list[TimeRange[SourceTime]]] = []
    start = 0
    while start < len(short):
        end = start + 1
        while end < len(short) and short[end].end - short[start].start <= longest:
            end += 1
        if end < len(short):
            end = _widest_gap(short, start, end, longest)
        groups.append(short[start:end])
        start = end
    return groups


def _parts(span: TimeRange[SourceTime], room: Fraction) -> list[TimeRange[SourceTime]]:
    count = max(1, -(-span.duration // room))
    step = span.duration / count
    return [
        TimeRange(SourceTime(span.start + step * i), SourceTime(span.start + step * (i + 1)))
        for i in range(int(count))
    ]


def _widest_gap(
    spans: Sequence[TimeRange[SourceTime]], start: int, end: int, room: Fraction
) -> int:
    half = spans[start].start + room / 2
    choices = [cut for cut in range(start + 1, end + 1) if spans[cut - 1].end >= half] or [end]
    return max(choices, key=lambda cut: (spans[cut].start - spans[cut - 1].end, cut))
