"""Fillers: by their words and places, confirmed by sound where the words are doubtful.

A wrong cut costs more than a filler left in, so a word that means something elsewhere is taken
only where its borders and neighbours say that it means nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ai_video_editor.audio import hums
from ai_video_editor.audio.alignment import expected_length, unclaimed
from ai_video_editor.audio.edges import can_part, is_sure
from ai_video_editor.audio.filler_lexicon import Lexicon, Phrase, plain
from ai_video_editor.audio.sentences import ends_sentence
from ai_video_editor.audio.sound import Sound, row_at
from ai_video_editor.audio.speech import SpeechMap, time_of
from ai_video_editor.context.audio import Filler, Word

_COMMA = re.compile(r"[,;:\-\u2013\u2014\u2026][\"'\u201d\u2019)]*$")
_BORDER_PAUSE = Fraction(15, 100)
"""Seconds of silence that set a word off."""

_SURE = 0.5
"""Probability under which a word is a guess of the recogniser."""

_TRUSTED = 0.6
"""Quality of a transcript under which its words prove nothing by themselves."""

_HUM_MISSED = 0.25
"""Seconds of voice between words in which a filler may lie that nobody wrote."""

_LEFT_IN = 0.45
"""Confidence of a filler that is told and not cut at any pace."""

_HESITATION = "hesitation word"
_SNAP = row_at(0.05)
_LEFT_OF_WORD = row_at(0.06)


@dataclass(frozen=True)
class _Found:
    first: int
    last: int
    confidence: float
    evidence: str


def find_fillers(
    words: Sequence[Word],
    lexicon: Lexicon | None,
    quality: float,
    sound: Sound,
    speech: SpeechMap,
    source_input: int = 0,
) -> tuple[list[Word], list[Filler]]:
    """Fillers of one input, and its words with fillers marked and edges shared with them.

    Word indices in the result count from the first of `words`.

    Args:
        words: of one input, aligned.
        lexicon: the language's fillers; None looks at the sound alone.
        quality: of the transcript, 0 to 1.
        sound: the input's rows.
        speech: its voice.
        source_input: the input's index.
    """
    trusted = quality >= _TRUSTED
    # the words of a transcript below the threshold are noise: only the sound is believed
    found = _by_words(words, lexicon) if lexicon and trusted else []
    kept = [
        _weighed(hit, words, sound)
        for hit in (_confirmed(hit, words, sound) for hit in found)
        if hit
    ]
    marked = list(words)
    for hit in kept:
        for index in range(hit.first, hit.last):
            marked[index] = marked[index].model_copy(update={"filler": True})
        _snap(marked, hit, sound, speech)
    fillers = [
        Filler(
            start=marked[hit.first].start,
            end=marked[hit.last - 1].end,
            input=source_input,
            text=" ".join(word.text for word in marked[hit.first : hit.last]),
            confidence=hit.confidence,
            evidence=hit.evidence,
            first_word=hit.first,
            last_word=hit.last,
        )
        for hit in kept
    ]
    fillers += _by_sound(marked, lexicon, trusted, sound, speech, source_input)
    return marked, sorted(fillers, key=lambda filler: (filler.start, filler.end))


# --- words -----------------------------------------------------------------------------------


def _by_words(words: Sequence[Word], lexicon: Lexicon) -> list[_Found]:
    texts = [plain(word.text) for word in words]
    sounds = [lexicon.is_sound(text) for text in texts]
    found = []
    index = 0
    while index < len(words):
        if sounds[index]:
            found.append(_Found(index, index + 1, lexicon.sound_confidence, _HESITATION))
            index += 1
            continue
        hit = _phrase_at(words, texts, sounds, index, lexicon, found)
        if hit:
            found.append(hit)
            index = hit.last
        else:
            index += 1
    return found


def _phrase_at(
    words: Sequence[Word],
    texts: Sequence[str],
    sounds: Sequence[bool],
    index: int,
    lexicon: Lexicon,
    found: Sequence[_Found],
) -> _Found | None:
    after_filler = bool(found) and found[-1].last == index
    for phrase in lexicon.phrases:
        last = index + len(phrase.words)
        if not _spells(texts[index:last], phrase):
            continue
        if any(ends_sentence(word.text) for word in words[index : last - 1]):
            continue
        opens = index == 0 or _opens_sentence(words, index)
        if after_filler and not opens:
            opens = found[-1].first == 0 or _opens_sentence(words, found[-1].first)
        if phrase.inside_only and opens:
            continue
        before = opens or after_filler or _border(words, index)
        behind = last == len(words) or _border(words, last) or sounds[last]
        if _closes(words, last) and phrase.border == "start":
            continue
        fits = {
            "both": before and behind,
            "start": opens and behind,
            "after": behind,
            "either": before or behind,
        }[phrase.border]
        if fits and not _ordinary(texts, index, last, opens, phrase, words):
            return _Found(index, last, phrase.confidence, f"{' '.join(phrase.words)} set off")
    return None


def _spells(texts: Sequence[str], phrase: Phrase) -> bool:
    if len(texts) != len(phrase.words):
        return False
    return all(
        text == word or (re.sub(r"(.)\1{2,}", r"\1", text) == word and len(word) > 1)
        for text, word in zip(texts, phrase.words, strict=True)
    )


def _ordinary(
    texts: Sequence[str],
    first: int,
    last: int,
    opens: bool,
    phrase: Phrase,
    words: Sequence[Word],
) -> bool:
    """Whether a neighbour makes the phrase mean something."""
    before = texts[first - 1] if first and not opens else ""
    after = texts[last] if last < len(texts) and not _closes(words, last) else ""
    if before in phrase.not_after and not _COMMA.search(words[first - 1].text):
        return True
    return after in phrase.not_before and not _COMMA.search(words[last - 1].text)


def _opens_sentence(words: Sequence[Word], index: int) -> bool:
    return ends_sentence(words[index - 1].text) or words[index].start - words[
        index - 1
    ].end > Fraction(6, 10)


def _closes(words: Sequence[Word], last: int) -> bool:
    return ends_sentence(words[last - 1].text)


def _border(words: Sequence[Word], index: int) -> bool:
    """Whether the words before and at `index` are set apart."""
    before, after = words[index - 1], words[index]
    return (
        bool(_COMMA.search(before.text))
        or ends_sentence(before.text)
        or after.start - before.end >= _BORDER_PAUSE
    )


def _confirmed(hit: _Found, words: Sequence[Word], sound: Sound) -> _Found | None:
    """The find if it can be believed: a doubtful word needs the sound on its side."""
    inside = words[hit.first : hit.last]
    weakest = min(word.confidence for word in inside)
    if weakest >= _SURE:
        return hit
    if hit.evidence == _HESITATION:
        start, end = row_at(float(inside[0].start)), row_at(float(inside[-1].end))
        hum = hums.judge(sound, start, end, leniency=1.3)
        if hum.likely:
            sure = max(hum.confidence, 0.7)
            return _Found(hit.first, hit.last, sure, f"{_HESITATION} and steady hum")
        # a short uh is over before it can be steady: its word stands between silences, where no
        # other short word does, or if the recogniser leans to it
        if _stands_alone(words, hit):
            return _Found(hit.first, hit.last, 0.7, f"{_HESITATION} between silences")
        if end - start >= row_at(0.25) or weakest < _SURE / 2:
            return None
        return _Found(hit.first, hit.last, 0.6, f"{_HESITATION}, unsure")
    if weakest < _SURE / 2:
        return None
    return _Found(hit.first, hit.last, round(hit.confidence * 0.8, 3), hit.evidence)


def _stands_alone(words: Sequence[Word], hit: _Found) -> bool:
    """Whether there is silence on both sides of a find."""
    before = words[hit.first].start - words[hit.first - 1].end if hit.first else _BORDER_PAUSE
    after = (
        words[hit.last].start - words[hit.last - 1].end if hit.last < len(words) else _BORDER_PAUSE
    )
    return min(before, after) >= _BORDER_PAUSE


def _weighed(hit: _Found, words: Sequence[Word], sound: Sound) -> _Found:
    """The find, held too doubtful to cut where it cannot be parted from its neighbours.

    A hesitation that runs into a word on both sides without the least dip is more often a piece of
    a word that the recogniser misheard, and a *so* that runs into the next word belongs to it,
    whatever comma was written. A *you know* of guessed words may be a *you have*.
    """
    edges = (hit.first, hit.last)
    apart = all(can_part(words, edge, sound) for edge in edges)
    if apart and (_HESITATION in hit.evidence or all(is_sure(words, edge) for edge in edges)):
        return hit
    return _Found(hit.first, hit.last, min(hit.confidence, _LEFT_IN), f"{hit.evidence}, not apart")


def _snap(words: list[Word], hit: _Found, sound: Sound, speech: SpeechMap) -> None:
    """Put the filler's edges where the sound is lowest; a shared edge moves for both words."""
    if hit.first and words[hit.first - 1].input == words[hit.first].input:
        before, inside = words[hit.first - 1], words[hit.first]
        edge = _lowest(
            sound,
            max(row_at(float(before.start)) + _LEFT_OF_WORD, row_at(float(before.end)) - _SNAP),
            min(row_at(float(inside.end)) - 2, row_at(float(inside.start)) + _SNAP),
        )
        if edge is not None and inside.start - before.end < Fraction(3, 100):
            words[hit.first - 1] = before.model_copy(update={"end": time_of(edge)})
            words[hit.first] = inside.model_copy(update={"start": time_of(edge)})
    if hit.last < len(words):
        inside, after = words[hit.last - 1], words[hit.last]
        start, end = row_at(float(inside.end)), row_at(float(after.start))
        if end - start >= 3:
            # what still sounds right behind the filler belongs to it, up to the silence or, where
            # there is none, up to the quietest moment
            quiet = np.flatnonzero(~speech.sounding[start:end])
            edge = start + int(quiet[0]) if quiet.size else _lowest(sound, start, end)
            if edge is not None and edge - start <= 35:
                words[hit.last - 1] = inside.model_copy(update={"end": time_of(edge)})
            return
        edge = _lowest(
            sound,
            max(row_at(float(inside.start)) + 2, start - _SNAP),
            min(row_at(float(after.end)) - _LEFT_OF_WORD, end + _SNAP),
        )
        if edge is not None:
            words[hit.last - 1] = inside.model_copy(update={"end": time_of(edge)})
            words[hit.last] = after.model_copy(update={"start": time_of(edge)})


def _lowest(sound: Sound, first: int, last: int) -> int | None:
    last = min(last, sound.level.size)
    return first + int(np.argmin(sound.level[first:last])) if last - first >= 1 else None


# --- sound -----------------------------------------------------------------------------------


def _by_sound(
    words: Sequence[Word],
    lexicon: Lexicon | None,
    trusted: bool,
    sound: Sound,
    speech: SpeechMap,
    source_input: int,
) -> list[Filler]:
    def filler(start: int, end: int, confidence: float, evidence: str) -> Filler:
        return Filler(
            start=time_of(start),
            end=time_of(end),
            input=source_input,
            text="(um)",
            confidence=confidence,
            evidence=evidence,
        )

    if not trusted:
        return [
            filler(start, end, min(0.7, hums.judge(sound, start, end).confidence), "hum alone")
            for start, end in hums.alone(sound, speech)
        ]
    found = []
    for start, end in unclaimed(words, speech, sound.level.size):
        hum = hums.judge(sound, start, end)
        if end - start >= row_at(_HUM_MISSED) and hum.likely:
            found.append(filler(start, end, hum.confidence, "hum in a gap between words"))
    for word in words if lexicon else ():
        part = _inside(word, lexicon, sound)
        if part:
            found.append(filler(*part, 0.6, f"hum inside {plain(word.text)!r}"))
    return found


def _inside(word: Word, lexicon: Lexicon | None, sound: Sound) -> tuple[int, int] | None:
    """A hum inside a short word that lasts far too long."""
    start, end = row_at(float(word.start)), row_at(float(word.end))
    if lexicon is None or plain(word.text) not in lexicon.drawn_out or word.filler:
        return None
    if end - start < max(row_at(0.6), 2 * expected_length(word.text)):
        return None
    return hums.steady_part(sound, start, end)
