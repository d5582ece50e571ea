"""Puts words onto the sound: recognisers are 50-100 ms off, and stretch words over silence.

What a recogniser knows is the order of the words and roughly when they were said. Where a silence
parts two words their edges go to its ends; a word that is stretched over a pause is put on that
side of it which fits its length; a word in silence was never said.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ai_video_editor.audio.sound import Mask, Sound, row_at
from ai_video_editor.audio.speech import Runs, SpeechMap, runs_of, time_of
from ai_video_editor.context.audio import Word

_REACH = row_at(0.15)
"""Rows a recogniser's time is trusted to be right within (nine in ten are within 0.08 s)."""

_LOST = row_at(0.3)
"""Rows around a word in which there must be voice, or it was never said."""

_PAUSE_INSIDE = row_at(0.2)
"""Rows of silence that no word has inside: closures last up to 0.1 s."""

_ISLAND = row_at(0.12)
"""Rows of sound between two words that may be a filler nobody wrote: left to neither."""

_SHORTEST = row_at(0.03)


@dataclass(frozen=True)
class Aligned:
    """Words on the sound.

    Attributes:
        words: in order, not overlapping, each on voice.
        dropped: how many were written where there is no voice.
        kept: for each word its place in the recogniser's list.
    """

    words: tuple[Word, ...]
    dropped: int
    kept: tuple[int, ...] = ()


@dataclass
class _Place:
    word: Word
    index: int
    start: int
    end: int

    @property
    def middle(self) -> int:
        return (self.start + self.end) // 2


def align(words: Sequence[Word], sound: Sound, speech: SpeechMap) -> Aligned:
    """Words with their edges on the sound's.

    Args:
        words: of one recording, in order of time.
        sound: its rows.
        speech: its voice.
    """
    voice = mask_of(speech.voice, sound.level.size)
    heard = voice & speech.sounding
    places = [
        _Place(w, i, row_at(float(w.start)), row_at(float(w.end))) for i, w in enumerate(words)
    ]
    said = [place for place in places if _is_said(place, voice)]
    for place in said:
        _leave_pauses(place, voice)
    _in_order(said)
    for before, after in itertools.pairwise(said):
        _meet(before, after, heard)
    if said:
        _outer_edges(said[0], said[-1], voice)
    said = [place for place in said if _sounds(place, voice, speech.sounding)]
    aligned = tuple(
        place.word.model_copy(update={"start": time_of(place.start), "end": time_of(place.end)})
        for place in said
    )
    return Aligned(aligned, len(words) - len(said), tuple(place.index for place in said))


def mask_of(runs: Runs, rows: int) -> Mask:
    """Rows that lie in the runs."""
    mask = np.zeros(rows, bool)
    for start, end in runs:
        mask[start:end] = True
    return mask


def unclaimed(words: Sequence[Word], speech: SpeechMap, rows: int) -> Runs:
    """Voice that no word covers."""
    mask = mask_of(speech.voice, rows)
    for word in words:
        mask[row_at(float(word.start)) : row_at(float(word.end))] = False
    return runs_of(mask)


def expected_length(text: str) -> int:
    """Rows a word lasts in calm speech: 0.07 s and 0.07 s a letter, at most 1 s.

    English words last 0.2-0.5 s at 150 words a minute, five letters on average.
    """
    letters = sum(letter.isalnum() for letter in text)
    return row_at(min(1.0, 0.07 + 0.07 * letters))


def _is_said(place: _Place, voice: Mask) -> bool:
    return bool(voice[max(0, place.start - _LOST) : place.end + _LOST].any())


def _sounds(place: _Place, voice: Mask, sounding: Mask) -> bool:
    """Whether anything is heard where the word lies; a whisper that is no voice counts."""
    if place.end <= place.start:
        return False
    rows = slice(place.start, place.end)
    return bool(voice[rows].any()) or bool(sounding[rows].size and sounding[rows].mean() >= 0.5)


def _leave_pauses(place: _Place, voice: Mask) -> None:
    """Keep the side of a pause that fits the word's length."""
    inside = voice[place.start : place.end]
    gaps = [(a, b) for a, b in runs_of(~inside) if b - a >= _PAUSE_INSIDE]
    if not gaps:
        return
    edges = [0, *(edge for gap in gaps for edge in gap), inside.size]
    parts = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= _SHORTEST]
    if not parts:
        return
    wanted = expected_length(place.word.text)
    start, end = min(parts, key=lambda part: (abs(part[1] - part[0] - wanted), -part[0]))
    place.start, place.end = place.start + start, place.start + end


def _in_order(places: Sequence[_Place]) -> None:
    """No word begins before the one before it, none is empty."""
    for before, after in itertools.pairwise(places):
        if after.start < before.end:
            middle = (max(before.start, after.start) + min(before.end, after.end)) // 2
            before.end = max(before.start, middle)
            after.start = max(middle, before.end)
        after.end = max(after.end, after.start)
    for index, place in enumerate(places):
        if place.end - place.start >= _SHORTEST:
            continue
        wanted = max(_SHORTEST, expected_length(place.word.text) // 2)
        latest = places[index + 1].start if index + 1 < len(places) else place.start + wanted
        earliest = places[index - 1].end if index else 0
        place.end = max(place.end, min(latest, place.start + wanted))
        place.start = min(place.start, max(earliest, place.end - wanted))
        if place.end - place.start < _SHORTEST:
            _borrow(places, index)


def _borrow(places: Sequence[_Place], index: int) -> None:
    """Room for a word that was given none, from the longer neighbour."""
    place = places[index]
    before = places[index - 1] if index else None
    after = places[index + 1] if index + 1 < len(places) else None
    left = before.end - before.start if before else 0
    right = after.end - after.start if after else 0
    if after and right >= max(left, 2 * _SHORTEST):
        after.start += right // 2
        place.end = after.start
    elif before and left >= 2 * _SHORTEST:
        before.end -= left // 2
        place.start = before.end


def _meet(before: _Place, after: _Place, heard: Mask) -> None:
    """Put the border between two words where the sound has it."""
    first = max(before.middle, before.end - _REACH)
    last = min(after.middle, after.start + _REACH)
    if last <= first:
        return
    quiet = [(first + a, first + b) for a, b in runs_of(~heard[first:last]) if b - a >= _SHORTEST]
    if quiet:
        start, end = _silence_between(before, after, quiet)
        before.end = max(before.start + 1, start)
        after.start = min(after.end - 1, end)
        return
    if after.start - before.end >= _ISLAND:
        return
    # in running speech the recogniser's border stands: the quietest moment is as often the closure
    # inside a word as the border between two (measured: 14 against 22 ms off in the middle)
    before.end = after.start = (before.end + after.start) // 2


def _silence_between(before: _Place, after: _Place, quiet: Runs) -> tuple[int, int]:
    """The silence that parts two words, with what no word claims in between."""
    if len(quiet) == 1:
        return quiet[0]
    islands = [(a[1], b[0]) for a, b in itertools.pairwise(quiet)]
    free = all(a >= before.end - _SHORTEST and b <= after.start + _SHORTEST for a, b in islands)
    if free:
        return quiet[0][0], quiet[-1][1]
    middle = (before.end + after.start) / 2
    return max(quiet, key=lambda gap: (gap[1] - gap[0]) - abs((gap[0] + gap[1]) / 2 - middle))


def _outer_edges(first: _Place, last: _Place, voice: Mask) -> None:
    """The first word begins and the last ends where the voice does."""
    for start, end in runs_of(voice):
        if start <= first.end and end > first.start and abs(start - first.start) <= _LOST:
            first.start = min(start, first.end - 1)
        if start < last.end and end >= last.start and abs(end - last.end) <= _LOST:
            last.end = max(end, last.start + 1)
