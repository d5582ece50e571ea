"""What a recogniser is, what it gives back, and how long speech is cut for it."""

from __future__ import annotations

import math
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

_FILLED, _CALM = 0.9, 18.0
_WIDE, _NARROW_COSTS = 0.5, 0.3
"""The share of the longest stretch, and the seconds, that a stretch is best filled to: a decoder
loses the thread in long ones. The gap in seconds that is as good as any wider one, and what cutting
where there is none costs."""


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

    Stretches are cut where people pause, so that sentences stay whole, and are about equally long:
    a decoder loses the thread in the longest ones first. Each is padded into the silence around it,
    never over half of it. A span that alone is longer than `longest` is cut into equal parts.

    Args:
        spans: ranges with voice, in order, not overlapping.
        longest: seconds of the longest stretch, padding included.
        padding: seconds of silence kept on either side, at most.
    """
    groups = _balanced(spans, Fraction(longest).limit_denominator(1000) - 2 * padding)
    windows = []
    for index, group in enumerate(groups):
        before = groups[index - 1][-1].end if index else SourceTime(Fraction(0))
        after = groups[index + 1][0].start if index + 1 < len(groups) else None
        first, last = group[0].start, group[-1].end
        lead = min(padding, (first - before) / 2 if index else first)
        trail = padding if after is None else min(padding, (after - last) / 2)
        windows.append(TimeRange(SourceTime(first - lead), SourceTime(last + trail)))
    return windows


def _balanced(
    spans: Sequence[TimeRange[SourceTime]], longest: Fraction
) -> list[list[TimeRange[SourceTime]]]:
    """Spans in groups of at most `longest` seconds: few, about equally long, cut at wide gaps.

    The cheapest of all ways to cut. A group costs its share of `longest`, squared, and a constant
    that makes `_FILLED` of it, or `_CALM` seconds, the cheapest length a second; a gap under half a
    second costs more the narrower it is.
    """
    each = min(_FILLED, _CALM / float(longest)) ** 2
    parts = [part for span in spans for part in _parts(span, longest)]
    starts, ends = [float(p.start) for p in parts], [float(p.end) for p in parts]
    cheapest, cut_at = [0.0] + [math.inf] * len(parts), [0] * (len(parts) + 1)
    for last in range(1, len(parts) + 1):
        gap = starts[last] - ends[last - 1] if last < len(parts) else _WIDE
        narrow = max(0.0, 1 - gap / _WIDE) * _NARROW_COSTS
        for first in range(last - 1, -1, -1):
            share = (ends[last - 1] - starts[first]) / float(longest)
            if share > 1 + 1e-9 and first < last - 1:
                break
            cost = cheapest[first] + share**2 + each + narrow
            if cost < cheapest[last]:
                cheapest[last], cut_at[last] = cost, first
    groups: list[list[TimeRange[SourceTime]]] = []
    last = len(parts)
    while last:
        groups.append(parts[cut_at[last] : last])
        last = cut_at[last]
    return groups[::-1]


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
