"""Which words of the captions stand on the picture together, in which lines, and when each is said.

The delivered captions have 42 characters a line. On a narrow picture, or in larger type, that is
too wide: such a block is shown as several screens, one after the other, each beginning with the
first of its words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ai_video_editor.composition.captions import PHRASE_STARTS, FilmWord
from ai_video_editor.context.outputs import Caption
from ai_video_editor.timebase import FilmTime, FrameRate, TimeRange

_ENDS = (".", "?", "!", "…", ",", ";", ":", "\u3002", "\uff1f", "\uff01", "\uff0c")

_LOOK_AHEAD = 60
"""Tokens that may be missing from the captions before a word is found again."""

_OPENING = PHRASE_STARTS | {"a", "an", "the", "my", "your", "you", "we", "i", "it", "is"}
"""Words that lead to the next one: few words at a time begin with them rather than end."""

_HELD = Fraction(2, 5)
"""Seconds up to which a gap between words belongs to the word before it."""

_LINGERS = Fraction(1, 4)
"""Seconds that a few words stay after the last was said, where nothing follows."""


@dataclass(frozen=True)
class Token:
    """A word of a caption, or a part of one that is wider than the picture.

    Attributes:
        text: as printed.
        start: film frame with which it is said.
        end: film frame after that.
        stressed: whether the plan stresses it.
    """

    text: str
    start: int
    end: int
    stressed: bool = False


Line = tuple[Token, ...]
Measure = Callable[[Token], float]
"""Width of a token, pixels."""


@dataclass(frozen=True)
class Screen:
    """Lines that stand together over film frames `start` to `end` (half-open)."""

    lines: tuple[Line, ...]
    start: int
    end: int

    @property
    def tokens(self) -> Line:
        """All its words in order."""
        return tuple(token for line in self.lines for token in line)


@dataclass(frozen=True)
class Room:
    """What a screen may fill.

    Attributes:
        width: pixels.
        lines: most lines.
        space: width of a space, pixels.
        measure: width of a token.
    """

    width: float
    lines: int
    space: float
    measure: Measure

    def width_of(self, line: Sequence[Token]) -> float:
        """Width of a line, pixels."""
        return sum(map(self.measure, line)) + self.space * max(0, len(line) - 1)


def timed_lines(
    captions: Sequence[Caption],
    words: Sequence[FilmWord],
    emphasis: Sequence[TimeRange[FilmTime]],
    rate: FrameRate,
) -> list[list[Line]]:
    """Each caption's lines with the time at which every word is said.

    Words that are not found among `words` share the time between their neighbours' evenly.
    """
    said = [(part, word) for word in words for part in word.text.split()]
    position = 0
    found: list[list[Line]] = []
    for caption in captions:
        texts = [line.split() for line in caption.lines]
        matches: list[FilmWord | None] = []
        for text in (t for line in texts for t in line):
            match, position = _match(said, position, text)
            matches.append(match)
        flat = _placed([t for line in texts for t in line], matches, caption, emphasis, rate)
        lines: list[Line] = []
        for line in texts:
            lines.append(tuple(flat[: len(line)]))
            flat = flat[len(line) :]
        found.append(lines)
    return found


def _match(
    said: list[tuple[str, FilmWord]], position: int, text: str
) -> tuple[FilmWord | None, int]:
    """The word a caption's token is from, and where to look for the next."""
    for index in range(position, min(position + _LOOK_AHEAD, len(said))):
        part, word = said[index]
        if part == text:
            return word, index + 1
        if text and part.startswith(text):
            # Broken inside: what is left of it comes next.
            said[index] = (part[len(text) :], word)
            return word, index
    return None, position


def _placed(
    texts: Sequence[str],
    matches: Sequence[FilmWord | None],
    caption: Caption,
    emphasis: Sequence[TimeRange[FilmTime]],
    rate: FrameRate,
) -> list[Token]:
    tokens: list[Token] = []
    index = 0
    while index < len(texts):
        match = matches[index]
        if match is not None:
            middle = FilmTime((match.start + match.end) / 2)
            tokens.append(
                Token(
                    texts[index], rate.nearest_frame(match.start), rate.nearest_frame(match.end),
                    any(middle in span for span in emphasis),
                )
            )  # fmt: skip
            index += 1
            continue
        until = index
        while until < len(texts) and matches[until] is None:
            until += 1
        after = matches[until] if until < len(texts) else None
        first = tokens[-1].end if tokens else rate.nearest_frame(caption.start)
        last = rate.nearest_frame(after.start if after is not None else caption.end)
        each = Fraction(max(0, last - first), until - index)
        for n in range(until - index):
            tokens.append(
                Token(texts[index + n], int(first + n * each), int(first + (n + 1) * each))
            )
        index = until
    return tokens


def block_screens(
    captions: Sequence[Caption], lines: Sequence[Sequence[Line]], room: Room, rate: FrameRate
) -> list[Screen]:
    """The captions as they are where they fit, else each as several screens in its time."""
    screens: list[Screen] = []
    for caption, given in zip(captions, lines, strict=True):
        start, end = rate.nearest_frame(caption.start), rate.nearest_frame(caption.end)
        if not any(given) or end <= start:
            continue
        if len(given) <= room.lines and all(room.width_of(line) <= room.width for line in given):
            screens.append(Screen(tuple(given), start, end))
            continue
        tokens = _narrow([token for line in given for token in line], room)
        parts = _divided(tokens, room)
        begins = [start]
        for number, part in enumerate(parts[1:], 1):
            latest = end - (len(parts) - number)
            begins.append(max(begins[-1] + 1, min(part[0][0].start, latest)))
        for part, begin, finish in zip(parts, begins, [*begins[1:], end], strict=True):
            if begin < finish <= end:
                screens.append(Screen(part, begin, finish))
    return screens


def _narrow(tokens: Iterable[Token], room: Room) -> list[Token]:
    """Tokens of which each fits a line; too wide ones are broken inside."""
    fitting: list[Token] = []
    for token in tokens:
        rest = token
        while room.measure(rest) > room.width and len(rest.text) > 1:
            cut = len(rest.text) - 1
            while cut > 1 and room.measure(replace(rest, text=rest.text[:cut])) > room.width:
                cut -= max(1, cut // 8)
            middle = rest.start + (rest.end - rest.start) * cut // len(rest.text)
            fitting.append(replace(rest, text=rest.text[:cut], end=middle))
            rest = replace(rest, text=rest.text[cut:], start=middle)
        fitting.append(rest)
    return fitting


def _divided(tokens: Sequence[Token], room: Room) -> list[tuple[Line, ...]]:
    lines = balanced(tokens, room)
    if len(lines) <= room.lines or len(tokens) < 2:
        return [lines]
    whole = room.width_of(tokens)
    screens = -(-len(lines) // room.lines)
    wanted = whole * (screens // 2) / screens if screens > 2 else whole / 2
    best, best_cost = 1, float("inf")
    length = 0.0
    for index in range(1, len(tokens)):
        length += room.measure(tokens[index - 1]) + room.space
        cost = abs(length - wanted) + room.width * _awkward(tokens, index)
        if cost < best_cost:
            best, best_cost = index, cost
    return [*_divided(tokens[:best], room), *_divided(tokens[best:], room)]


def _awkward(tokens: Sequence[Token], index: int) -> float:
    """How ill a break before a token reads, in widths of the room; negative for a good one."""
    before, after = tokens[index - 1], tokens[index]
    if before.text.endswith(_ENDS):
        return -0.35
    if before.stressed and after.stressed:
        return 0.35
    if before.text.lower() in _OPENING:
        return 0.2
    return -0.15 if after.text.lower() in _OPENING else 0.0


def balanced(tokens: Sequence[Token], room: Room) -> tuple[Line, ...]:
    """The fewest lines that fit, of widths as even as can be; two are broken where they read."""
    lines = _filled(tokens, room.width, room)
    if len(lines) == 2:
        return _in_two(tokens, room)
    low, high = room.width / max(1, len(lines)) / 2, room.width
    for _ in range(12):
        middle = (low + high) / 2
        tried = _filled(tokens, middle, room)
        if len(tried) <= len(lines) and all(room.width_of(line) <= room.width for line in tried):
            lines, high = tried, middle
        else:
            low = middle
    return lines


def _in_two(tokens: Sequence[Token], room: Room) -> tuple[Line, ...]:
    found: list[tuple[float, int]] = []
    for index in range(1, len(tokens)):
        one, two = room.width_of(tokens[:index]), room.width_of(tokens[index:])
        if max(one, two) <= room.width:
            found.append((abs(one - two) + room.width * _awkward(tokens, index), index))
    _, index = min(found)
    return tuple(tokens[:index]), tuple(tokens[index:])


def _filled(tokens: Sequence[Token], width: float, room: Room) -> tuple[Line, ...]:
    lines: list[list[Token]] = []
    for token in tokens:
        if lines and room.width_of([*lines[-1], token]) <= width:
            lines[-1].append(token)
        else:
            lines.append([token])
    return tuple(tuple(line) for line in lines)


def word_screens(
    lines: Sequence[Sequence[Line]], room: Room, most: int, rate: FrameRate, film_end: int
) -> list[Screen]:
    """A few words at a time while they are said.

    Args:
        lines: the captions' lines.
        room: one line.
        most: words at a time.
        rate: the film's frame rate.
        film_end: frame at which the last must be gone.
    """
    held, lingers = rate.nearest_frame(_HELD), rate.nearest_frame(_LINGERS)
    groups: list[list[Token]] = []
    for token in _narrow((t for block in lines for line in block for t in line), room):
        last = groups[-1] if groups else None
        if (
            last is None
            or len(last) >= most
            or last[-1].text.endswith(_ENDS)
            or (len(last) > 1 and token.text.lower() in _OPENING)
            or token.start - last[-1].end > held
            or room.width_of([*last, token]) > room.width
        ):
            groups.append([token])
        else:
            last.append(token)
    screens: list[Screen] = []
    for index, group in enumerate(groups):
        start = max(group[0].start, screens[-1].end if screens else 0)
        end = max(group[-1].end, start + 1)
        following = groups[index + 1][0].start if index + 1 < len(groups) else film_end
        end = following if 0 <= following - end <= held else min(end + lingers, following)
        end = min(max(end, start + 1), film_end)
        if start < end:
            screens.append(Screen((tuple(group),), start, end))
    return screens


def said_times(screen: Screen, rate: FrameRate) -> list[tuple[int, int, int | None]]:
    """`(start, end, index)` over a screen's time: which of its tokens is being said, if any."""
    held = rate.nearest_frame(_HELD)
    tokens = screen.tokens
    states: list[tuple[int, int, int | None]] = []
    position = screen.start
    for index, token in enumerate(tokens):
        following = tokens[index + 1].start if index + 1 < len(tokens) else None
        end = token.end
        if following is not None and following - end <= held:
            end = following
        start, end = max(token.start, position), min(end, screen.end)
        if start >= end:
            continue
        if start > position:
            states.append((position, start, None))
        states.append((start, end, index))
        position = end
    if position < screen.end:
        states.append((position, screen.end, None))
    return states
