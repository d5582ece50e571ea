"""What of a recording is kept whatever happens: words that were meant, other speech, pictures."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.timebase import SourceTime, TimeRange, merge, subtract

_SLIVER = Fraction(1, 4)
"""Speech without a word shorter than this is a breath, a click or the edge of a removed word,
seconds."""

_TAIL = Fraction(12, 100)
"""How far voice may reach past a word's written end and still be its ending, seconds; the
times of recognisers are off by 50 to 100 ms."""

_PICTURE = Fraction(3, 2)
"""A shot that plays through a silence for at least this long was put there to be seen, seconds."""


@dataclass(frozen=True)
class Island:
    """A stretch that stays, in seconds of one input."""

    start: Fraction
    end: Fraction


def removable(audio: AudioAnalysis, source: int, filler_confidence: float) -> frozenset[int]:
    """Indices of the words that may go: certain fillers and abandoned takes."""
    gone: set[int] = set()
    for filler in audio.fillers:
        certain = filler.input == source and filler.confidence >= filler_confidence
        if certain and filler.first_word is not None and filler.last_word is not None:
            gone.update(range(filler.first_word, filler.last_word))
    for retake in audio.retakes:
        if retake.input == source:
            gone.update(range(retake.first_word, retake.last_word))
    return frozenset(gone)


def islands(material: Material, source: int, filler_confidence: float) -> list[Island]:
    """What is kept of one input, in order, never touching or overlapping.

    Empty where nothing was heard: such an input is kept whole.
    """
    audio = material.audio
    if audio is None:
        return []
    duration = material.files[source].duration
    gone = removable(audio, source, filler_confidence)
    words = [
        TimeRange(w.start, SourceTime(max(w.start, min(w.end, SourceTime(duration)))))
        for i, w in enumerate(audio.words)
        if w.input == source and i not in gone and w.start < duration
    ]
    speech = _speech(audio, source, duration, filler_confidence)
    if not words and not speech:
        return []
    sounds = merge([*words, *_other_speech(words, speech)])
    silent = _pictures(material, source, sounds)
    return [Island(s.start, s.end) for s in merge([*sounds, *silent])]


def _speech(
    audio: AudioAnalysis, source: int, duration: Fraction, filler_confidence: float
) -> list[TimeRange[SourceTime]]:
    """Voice without what is to go."""
    holes = [
        f.range for f in audio.fillers if f.input == source and f.confidence >= filler_confidence
    ]
    holes += [r.range for r in audio.retakes if r.input == source]
    whole = [
        TimeRange(s.start, SourceTime(min(s.end, SourceTime(duration))))
        for s in audio.speech
        if s.input == source and s.start < duration
    ]
    return [part for span in whole for part in subtract(span, holes)]


def _other_speech(
    words: list[TimeRange[SourceTime]], speech: list[TimeRange[SourceTime]]
) -> list[TimeRange[SourceTime]]:
    """Voice the recogniser did not write down, and the endings of the words it did."""
    result: list[TimeRange[SourceTime]] = []
    for span in speech:
        for part in subtract(span, words):
            after_word = any(w.end == part.start for w in words)
            before_word = any(w.start == part.end for w in words)
            if part.duration >= _SLIVER and not (after_word and part.duration < 2 * _SLIVER):
                result.append(part)
            elif after_word:
                end = min(part.end, SourceTime(part.start + _TAIL))
                result.append(TimeRange(part.start, end))
            elif before_word:
                start = max(part.start, SourceTime(part.end - _TAIL / 2))
                result.append(TimeRange(start, part.end))
            elif _beside(part, words):
                result.append(part)
    return result


def _beside(part: TimeRange[SourceTime], words: list[TimeRange[SourceTime]]) -> bool:
    """Whether a short sound may be a word's burst: behind its end or before its beginning."""
    return any(
        Fraction(0) <= part.start - word.end <= _TAIL
        or Fraction(0) <= word.start - part.end <= _TAIL / 2
        for word in words
    )


def _pictures(
    material: Material, source: int, sounds: list[TimeRange[SourceTime]]
) -> list[TimeRange[SourceTime]]:
    """Shots other than a talking head that play through a silence."""
    result = []
    for shot in material.shots(source):
        if shot.kind in {"talking_head", "black"} or shot.range.duration < _PICTURE:
            continue
        if any(sound.overlaps(shot.range) for sound in sounds):
            continue
        if not _unusable(material, source, shot.range):
            result.append(shot.range)
    return result


def _unusable(material: Material, source: int, span: TimeRange[SourceTime]) -> bool:
    assert material.video is not None  # the span is one of its shots
    bad = sum(
        (
            min(q.end, span.end) - max(q.start, span.start)
            for q in material.video.quality
            if q.input == source and q.black and q.range.overlaps(span)
        ),
        Fraction(0),
    )
    return bad > span.duration / 2
