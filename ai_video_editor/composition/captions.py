"""Captions on the film's timeline: 42 characters, two lines, a speed that can be read.

Rules: Netflix timed-text style guide (English): 42 characters a line, two lines, 20 characters a
second, 5/6 s to 7 s, gaps of two frames or none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ai_video_editor.context.audio import AudioAnalysis, Word
from ai_video_editor.context.outputs import Caption
from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.language.rewording import as_first, without_filler_comma
from ai_video_editor.timebase import FilmTime, FrameRate, TimeMap, film_time

LINE = 42
"""Characters a line."""
LINES = 2
SPEED = 20
"""Characters a second."""
SHORTEST = Fraction(5, 6)
"""Seconds."""
LONGEST = Fraction(7)
"""Seconds."""
GAP_FRAMES = 2
"""Two captions either touch or lie at least this many frames apart."""

_CLOSED = Fraction(1, 2)
"""A gap shorter than this many seconds is closed to `GAP_FRAMES`: a flicker reads as a mistake."""

_PAUSE = Fraction(1)
"""A pause of this many seconds ends a caption."""

LATE = Fraction(1)
"""Most that a caption may come late so that the one before can be read, seconds (BBC: 1.5)."""

_SENTENCE_END = (".", "?", "!", "…", "\u3002", "\uff1f", "\uff01")
_CLAUSE_END = (",", ";", ":", "\u2014", "\u2013", "\uff0c", "\u3001")
"""With the full-width marks of Chinese and Japanese, and both dashes."""

PHRASE_STARTS = frozenset(
    (
        "and",
        "but",
        "or",
        "because",
        "that",
        "which",
        "who",
        "when",
        "where",
        "while",
        "if",
        "so",
        "than",
        "then",
        "to",
        "for",
        "of",
        "in",
        "on",
        "at",
        "with",
        "from",
        "as",
        "by",
    )
)
"""English words that begin a phrase: a line is better broken before them than after."""


@dataclass(frozen=True)
class FilmWord:
    """A word as it is heard in the film.

    Attributes:
        text: as it is printed in captions.
        start: when it begins.
        end: when it ends.
        source: index of the input it is from.
        sentence_end: whether a sentence ends with it.
    """

    text: str
    start: FilmTime
    end: FilmTime
    source: int
    sentence_end: bool


def captions_of(plan: AIDirectorPlan, audio: AudioAnalysis | None) -> tuple[Caption, ...]:
    """Caption blocks for the words that are heard in the film.

    There are none where the words cannot be trusted (`AudioAnalysis.printable`): wrong captions are
    worse than none. An imported transcript is the user's own and always stands.
    """
    time_map = plan.time_map()
    said = words_on_film(plan, audio)
    groups = [part for group in _grouped(said) for part in _fitting(group)]
    return tuple(_timed(groups, time_map))


def words_on_film(plan: AIDirectorPlan, audio: AudioAnalysis | None) -> tuple[FilmWord, ...]:
    """The words that are heard in the film, in its order; none where captions would have none."""
    if audio is None or not audio.words:
        return ()
    if not audio.printable and audio.engine != "imported":
        return ()
    return tuple(_said(audio, plan.time_map()))


def _said(audio: AudioAnalysis, time_map: TimeMap) -> list[FilmWord]:
    ends = {sentence.last_word - 1 for sentence in audio.sentences}
    said: list[FilmWord] = []
    for piece in time_map.pieces:
        source = piece.source
        for index, word in enumerate(audio.words):
            if word.input != piece.input or word.filler or word.start >= source.end:
                continue
            if not _heard(word, source.start, source.end):
                continue
            text = " ".join(word.text.split())
            if index and audio.words[index - 1].filler:
                text = _after_fillers(text, audio, index, said, ends)
            if text:
                begin = max(word.start, source.start) - source.start
                finish = min(word.end, source.end) - source.start
                said.append(
                    FilmWord(
                        text,
                        FilmTime(piece.film.start + begin / piece.speed),
                        FilmTime(piece.film.start + finish / piece.speed),
                        piece.input,
                        index in ends or text.endswith(_SENTENCE_END),
                    )
                )
    return said


def _after_fillers(
    text: str, audio: AudioAnalysis, index: int, said: list[FilmWord], ends: set[int]
) -> str:
    """A word after fillers that went; the comma before them goes with them."""
    first = index
    while first and audio.words[first - 1].filler:
        first -= 1
    if first - 1 in ends or first == 0:
        return as_first(text)
    if said and not said[-1].sentence_end:
        said[-1] = replace(said[-1], text=without_filler_comma(said[-1].text))
    return text


def _heard(word: Word, start: Fraction, end: Fraction) -> bool:
    """Whether most of a word lies in a kept range; a word across a border belongs to one side."""
    middle = (word.start + word.end) / 2
    return start <= middle < end


def _grouped(said: Sequence[FilmWord]) -> list[list[FilmWord]]:
    """Words by sentence and by pause."""
    groups: list[list[FilmWord]] = []
    for word in said:
        last = groups[-1][-1] if groups else None
        if (
            last is None
            or last.sentence_end
            or word.start - last.end >= _PAUSE
            or word.source != last.source
        ):
            groups.append([])
        groups[-1].append(word)
    return groups


def _fitting(words: Sequence[FilmWord]) -> list[list[FilmWord]]:
    """A sentence as blocks that each fit two lines and seven seconds, of even length."""
    if _fits(words):
        return [list(words)]
    if len(words) == 1:
        return [list(words)]
    cut = _best_cut(words)
    return [*_fitting(words[:cut]), *_fitting(words[cut:])]


def _fits(words: Sequence[FilmWord]) -> bool:
    return (
        len(_broken([word.text for word in words])) <= LINES
        and words[-1].end - words[0].start <= LONGEST
    )


def _best_cut(words: Sequence[FilmWord]) -> int:
    """Where to divide: near a half (or at what still fits), after a comma, before a phrase."""
    total = sum(len(word.text) + 1 for word in words)
    blocks = max(2, -(-total // (LINE * LINES * 9 // 10)))
    wanted = total / blocks if blocks > 2 else total / 2
    best, best_cost = 1, float("inf")
    length = 0
    for index in range(1, len(words)):
        length += len(words[index - 1].text) + 1
        cost = abs(length - wanted)
        if words[index - 1].text.endswith(_CLAUSE_END):
            cost -= 14
        elif words[index].text.lower().strip(".,;:!?") in PHRASE_STARTS:
            cost -= 7
        if words[index].start - words[index - 1].end >= Fraction(3, 10):
            cost -= 10
        if cost < best_cost:
            best, best_cost = index, cost
    return best


def _broken(texts: Sequence[str]) -> list[str]:
    """Lines of at most 42 characters; two lines are broken where they read best."""
    whole = " ".join(texts)
    if len(whole) <= LINE:
        return [whole]
    best: tuple[float, list[str]] | None = None
    for index in range(1, len(texts)):
        one, two = " ".join(texts[:index]), " ".join(texts[index:])
        if len(one) > LINE or len(two) > LINE:
            continue
        cost = float(abs(len(one) - len(two)))
        if texts[index - 1].endswith((*_CLAUSE_END, *_SENTENCE_END)):
            cost -= 12
        elif texts[index].lower() in PHRASE_STARTS:
            cost -= 6
        if best is None or cost < best[0]:
            best = cost, [one, two]
    if best is not None:
        return best[1]
    return _wrapped(whole)


def _wrapped(text: str) -> list[str]:
    """Lines for text without a good place to break: by words, and inside one that is too long."""
    lines = [""]
    for word in text.split(" "):
        rest = word
        if lines[-1] and len(lines[-1]) + 1 + len(rest) <= LINE:
            lines[-1] += " " + rest
            continue
        if lines[-1]:
            lines.append("")
        while len(rest) > LINE:
            lines[-1] = rest[:LINE]
            lines.append("")
            rest = rest[LINE:]
        lines[-1] = rest
    return [line for line in lines if line]


@dataclass(frozen=True)
class _Block:
    """Lines that stand together, in film frames."""

    texts: tuple[str, ...]
    start: int
    end: int

    @property
    def lines(self) -> list[str]:
        return _broken(self.texts)

    @property
    def characters(self) -> int:
        return sum(len(line) for line in self.lines)

    def need(self, rate: FrameRate) -> int:
        """Frames it must stand to be read."""
        reading = rate.frame_from(Fraction(self.characters, SPEED))
        return max(rate.frame_from(SHORTEST), reading)


def _timed(groups: Iterable[Sequence[FilmWord]], time_map: TimeMap) -> list[Caption]:
    """Blocks with times on frame boundaries that obey the rules, as far as speech leaves room."""
    rate = time_map.rate
    blocks = _joined(
        [
            _Block(
                tuple(word.text for word in group),
                rate.frame_at(group[0].start),
                rate.frame_from(group[-1].end),
            )
            for group in groups
        ],
        rate,
    )
    captions: list[Caption] = []
    free = 0
    for index, block in enumerate(blocks):
        following = blocks[index + 1].start if index + 1 < len(blocks) else None
        start = max(block.start, free)
        end = _end(block, start, following, rate, time_map.frames)
        if end > start:
            captions.append(
                Caption(
                    start=film_time(rate.time_of(start)),
                    end=film_time(rate.time_of(end)),
                    lines=tuple(block.lines),
                )
            )
            free = end
    return captions


def _end(block: _Block, start: int, following: int | None, rate: FrameRate, film: int) -> int:
    need = start + block.need(rate)
    longest = min(start + rate.frame_at(LONGEST), film)
    end = min(max(block.end, need), longest)
    if following is None:
        return end
    if end <= following - rate.nearest_frame(_CLOSED):
        return end
    if need <= following - GAP_FRAMES:
        # Near the next one: the gap becomes exactly two frames, not a flicker of another length.
        return min(following - GAP_FRAMES, longest)
    # Too little time to be read: it stays, and the next one comes a little late.
    return min(max(need, following), following + rate.nearest_frame(LATE), longest)


def _joined(blocks: Sequence[_Block], rate: FrameRate) -> list[_Block]:
    """Blocks too short to be read, with the next one where both fit together."""
    joined: list[_Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if last is not None and block.start - last.start < last.need(rate):
            both = _Block((*last.texts, *block.texts), last.start, block.end)
            if len(both.lines) <= LINES and both.end - both.start <= rate.frame_at(LONGEST):
                joined[-1] = both
                continue
        joined.append(block)
    return joined


def srt(captions: Iterable[Caption]) -> str:
    """Captions as SubRip text."""
    blocks = [
        f"{number}\n{_clock(c.start, ',')} --> {_clock(c.end, ',')}\n"
        + "\n".join(_plain(line) for line in c.lines)
        + "\n"
        for number, c in enumerate(captions, 1)
    ]
    return "\n".join(blocks)


def vtt(captions: Iterable[Caption]) -> str:
    """Captions as WebVTT text, with its special characters escaped."""
    blocks = ["WEBVTT\n"]
    blocks += [
        f"{_clock(c.start, '.')} --> {_clock(c.end, '.')}\n"
        + "\n".join(_escaped(line) for line in c.lines)
        + "\n"
        for c in captions
    ]
    return "\n".join(blocks)


def _plain(line: str) -> str:
    # SubRip has no escapes, and an arrow or a tag in a line would be read as one: single angle
    # quotation marks look alike.
    return line.replace("-->", "→").replace("<", "\u2039").replace(">", "\u203a")


def _escaped(line: str) -> str:
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(time: Fraction, mark: str) -> str:
    milliseconds = round(time * 1000)
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{mark}{thousandths:03d}"
