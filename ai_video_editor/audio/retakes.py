"""Passages that were begun again: the last complete take stays, what came before is abandoned.

Three kinds: a word or two said twice (*repeat*), an opening broken off and begun again in the same
breath (*false_start*), and a sentence said again, often after a pause or a *sorry, let me try that
again* (*retake*). People also repeat themselves on purpose, so two complete sentences that merely
open alike, or that differ in a number, are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from fractions import Fraction

from ai_video_editor.audio.filler_lexicon import Lexicon, plain
from ai_video_editor.audio.sentences import ends_sentence
from ai_video_editor.context.audio import Retake, Word
from ai_video_editor.language.numerals import is_numeral

_FARTHEST_WORDS = 60
_FARTHEST = Fraction(40)
"""How far back, in words and seconds, a take may begin."""

_OPENING = 3
"""Words that two takes must begin with alike."""

_ALIKE = 0.85
"""Share of the first take that the second says again, where both are complete."""

_RESTART_PAUSE = Fraction(25, 100)
"""Seconds of silence at which somebody may begin again without a full stop."""

_STUTTER_GAP = Fraction(7, 10)


@dataclass(frozen=True)
class _Spoken:
    """The words that count: fillers taken out, each with its place in the full list."""

    texts: tuple[str, ...]
    places: tuple[int, ...]
    words: tuple[Word, ...]


def find_retakes(words: Sequence[Word], lexicon: Lexicon | None) -> list[Retake]:
    """Abandoned passages of one input in order, not overlapping; indices count from the first word.

    Args:
        words: of one input, fillers marked.
        lexicon: the language's repeats and cues.
    """
    places = [i for i, word in enumerate(words) if not word.filler and plain(word.text)]
    spoken = _Spoken(
        tuple(plain(words[i].text) for i in places), tuple(places), tuple(words[i] for i in places)
    )
    fine = lexicon.repeats if lexicon else frozenset()
    cues = lexicon.cues if lexicon else ()
    stutters = list(_stutters(spoken, fine))
    words_twice = [item for item in stutters if item.kind == "repeat"]
    found = [
        *_without_repeats(spoken, words_twice, cues),
        *_without_repeats(spoken, stutters, cues),
        *stutters,
    ]
    chosen: list[_Abandoned] = []
    for item in sorted(found, key=lambda a: (-(a.last - a.first), a.first)):
        if not any(item.first < other.last and other.first < item.last for other in chosen):
            chosen.append(item)
    return [_as_retake(item, spoken, words) for item in sorted(chosen, key=lambda a: a.first)]


@dataclass(frozen=True)
class _Abandoned:
    """Places in `_Spoken`: abandoned from `first` to `last`, kept from `last` to `kept_last`."""

    first: int
    last: int
    kept_last: int
    kind: str
    confidence: float


def _without_repeats(
    spoken: _Spoken, stutters: Sequence[_Abandoned], cues: Sequence[tuple[str, ...]]
) -> Iterator[_Abandoned]:
    """Takes found as if no word had been said twice: a stutter must not hide a retake."""
    twice = {i for item in stutters for i in range(item.first, item.last)}
    once = [i for i in range(len(spoken.texts)) if i not in twice]
    smooth = _Spoken(
        tuple(spoken.texts[i] for i in once),
        tuple(spoken.places[i] for i in once),
        tuple(spoken.words[i] for i in once),
    )
    for item in _said_again(smooth, cues):
        yield replace(
            item,
            first=once[item.first],
            last=once[item.last],
            kept_last=once[item.kept_last - 1] + 1,
        )


def _said_again(spoken: _Spoken, cues: Sequence[tuple[str, ...]]) -> Iterator[_Abandoned]:
    """Takes that a later passage begins again, the nearest beginning first."""
    texts = spoken.texts
    inside = _cue_places(texts, cues)
    starts = [i for i in range(len(texts)) if i not in inside and _may_begin(spoken, i, cues)]
    for again in starts:
        cue = _cue_before(spoken, again, cues)
        for first in (i for i in reversed(starts) if i < again):
            if again - first > _FARTHEST_WORDS:
                break
            if spoken.words[again].start - spoken.words[first].start > _FARTHEST:
                break
            take = _judged(spoken, first, again, cue)
            if take:
                yield take
                break


def _cue_places(texts: Sequence[str], cues: Sequence[tuple[str, ...]]) -> frozenset[int]:
    """Places of words that only say that a passage is begun again."""
    places: set[int] = set()
    for start in range(len(texts)):
        for cue in cues:
            if tuple(texts[start : start + len(cue)]) == cue:
                places.update(range(start, start + len(cue)))
                break
    return frozenset(places)


def _may_begin(spoken: _Spoken, index: int, cues: Sequence[tuple[str, ...]]) -> bool:
    if index == 0:
        return True
    before, word = spoken.words[index - 1], spoken.words[index]
    place = spoken.places[index]
    return (
        ends_sentence(before.text)
        or before.text.endswith(("-", "—", "…", "..."))
        or word.start - before.end >= _RESTART_PAUSE
        or place - spoken.places[index - 1] > 1  # a filler stands between
        or _cue_before(spoken, index, cues) < index
    )


def _cue_before(spoken: _Spoken, index: int, cues: Sequence[tuple[str, ...]]) -> int:
    """Where the cue that ends right before `index` begins; `index` where there is none."""
    start = index
    while True:
        for cue in cues:
            if start >= len(cue) and spoken.texts[start - len(cue) : start] == cue:
                start -= len(cue)
                break
        else:
            return start


def _judged(spoken: _Spoken, first: int, again: int, cue: int) -> _Abandoned | None:
    """Whether the passage at `first` is taken again at `again`."""
    texts = spoken.texts
    take = texts[first : min(cue, again)]
    if not take:
        return None
    same = _same_opening(take, texts[again : again + len(take)])
    least = 2 if cue < again else _OPENING
    if same < min(least, len(take)) or same < 2:
        return None
    complete = ends_sentence(spoken.words[first + len(take) - 1].text)
    after = texts[again : again + len(take) + 3]
    alike = SequenceMatcher(None, take, after, autojunk=False)
    share = sum(block.size for block in alike.get_matching_blocks()) / len(take)
    numbers = {word for word in take if is_numeral(word)} - set(after)
    kept_last = _end_of(spoken, again, len(take))
    if cue < again:
        if share >= 0.5 or same >= _OPENING:
            return _Abandoned(first, again, kept_last, "retake", 0.95)
        return None
    if complete and (share < _ALIKE or numbers or len(take) < 4):
        return None
    if not complete and share < 0.6 and len(take) - same > 3:
        return None
    if numbers and same < len(take):
        return None
    long = again - first >= 6 or complete
    gap = spoken.words[again].start - spoken.words[again - 1].end
    kind = "retake" if long or gap > _STUTTER_GAP else "false_start"
    return _Abandoned(first, again, kept_last, kind, round(0.6 + 0.3 * share, 3))


def _same_opening(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _end_of(spoken: _Spoken, start: int, least: int) -> int:
    """The place after the sentence that begins at `start`, at least so many words on."""
    for index in range(start, len(spoken.words)):
        if ends_sentence(spoken.words[index].text) and index + 1 - start >= min(least, 2):
            return index + 1
        if index - start > _FARTHEST_WORDS:
            return index
    return len(spoken.words)


def _stutters(spoken: _Spoken, fine: frozenset[str]) -> Iterator[_Abandoned]:
    """One to four words said twice in a row."""
    texts, words = spoken.texts, spoken.words
    for size in (4, 3, 2, 1):
        for first in range(len(texts) - 2 * size + 1):
            again = first + size
            if texts[first:again] != texts[again : again + size]:
                continue
            if any(ends_sentence(word.text) for word in words[first:again]):
                continue
            if words[again].start - words[again - 1].end > _STUTTER_GAP:
                continue
            inside = texts[first:again]
            if all(text in fine for text in inside) or any(is_numeral(t) for t in inside):
                continue
            sure = min(word.confidence for word in words[first : again + size])
            kind = "repeat" if size == 1 else "false_start"
            yield _Abandoned(
                first, again, _end_of(spoken, again, size), kind, round(0.5 + 0.4 * sure, 3)
            )


def _as_retake(item: _Abandoned, spoken: _Spoken, words: Sequence[Word]) -> Retake:
    first, last = spoken.places[item.first], spoken.places[item.last]
    # fillers in front of the abandoned words stay fillers; those behind go with the take
    abandoned, kept = words[first:last], words[last : spoken.places[item.kept_last - 1] + 1]
    return Retake(
        start=abandoned[0].start,
        end=abandoned[-1].end,
        input=abandoned[0].input,
        text=" ".join(word.text for word in abandoned),
        kind=item.kind,
        confidence=item.confidence,
        kept_start=kept[0].start,
        kept_end=kept[-1].end,
        kept_text=" ".join(word.text for word in kept),
        first_word=first,
        last_word=last,
    )
