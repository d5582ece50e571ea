"""Takes that were abandoned and could stay instead of the one that does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from ai_video_editor.context.audio import AudioAnalysis, Retake, Sentence
from ai_video_editor.context.base import SourceSpan
from ai_video_editor.context.plan import Alternative
from ai_video_editor.language import wording
from ai_video_editor.timebase import FrameRate, SourceTime, TimeRange, exact

_WHOLE = 0.7
"""Share of the kept take's words from which on an abandoned one could stand in its place."""

_ALIKE = 0.5
"""Share of words that a take has in common with the one that stays."""

_BREATH = Fraction(15, 100)
"""Silence that stays beside a take, seconds."""


_WORTH_IT = Fraction(1, 10)
"""Less than this beside a take is its own breath, seconds."""


def other_takes(
    source: int,
    retakes: Sequence[Retake],
    audio: AudioAnalysis,
    removed: tuple[SourceTime, SourceTime],
    rate: FrameRate,
) -> tuple[Alternative, ...]:
    """Alternatives to a removal of abandoned takes: for each complete one, what goes instead.

    Args:
        source: index of the input.
        retakes: abandoned takes inside one removal, in order.
        audio: what was heard.
        removed: the removal's range, which is what a choice is made about.
        rate: the film's frame rate.
    """
    found = []
    for retake in retakes:
        take = _said(source, retake, audio)
        if retake.kind != "retake" or take is None:
            continue
        region = TimeRange(removed[0], SourceTime(exact(_after(source, retake, audio))))
        spans = tuple(_around(region, take, source, rate))
        if spans:
            label = f"the take at {wording.clock(take.start)}"
            found.append(Alternative(label=label, text=take.text, removes=spans))
    return tuple(found)


def _said(source: int, retake: Retake, audio: AudioAnalysis) -> Sentence | None:
    """The abandoned take alone, without the "sorry, once more" behind it; None if incomplete."""
    takes = [
        sentence
        for sentence in audio.sentences
        if sentence.input == source
        and retake.start <= sentence.start < retake.end
        and wording.overlap(sentence.text, retake.kept_text) >= _ALIKE
        and len(sentence.text.split()) >= _WHOLE * len(retake.kept_text.split())
    ]
    return takes[-1] if takes else None


def _after(source: int, retake: Retake, audio: AudioAnalysis) -> Fraction:
    """Where what follows the kept take begins, with a breath before it."""
    following = (
        word.start
        for word in audio.words
        if word.input == source and word.start >= retake.kept_end - Fraction(1, 100)
    )
    start = next(following, None)
    if start is None:
        return retake.kept_end
    return max(retake.kept_end, start - _BREATH)


def _around(
    region: TimeRange[SourceTime], take: Sentence, source: int, rate: FrameRate
) -> Iterator[SourceSpan]:
    """The region without the take and a breath on both sides, on the frame grid."""
    parts = (
        (region.start, take.start - _BREATH),
        (take.end + _BREATH, region.end),
    )
    for start, end in parts:
        first, last = rate.frame_from(start), rate.frame_at(end)
        if rate.time_of(last - first) >= _WORTH_IT:
            times = [SourceTime(exact(rate.time_of(frame))) for frame in (first, last)]
            yield SourceSpan(input=source, start=times[0], end=times[1])
