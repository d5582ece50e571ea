"""Reading one number from words or digits: "one point two million", "$1.2M", "a buck fifty"'s one.

Words come as `parts` gives them: lower case, without punctuation, compounds taken apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
UNITS = {word: value for value, word in enumerate(_ONES.split())}
_TENS_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
TENS = {word: 10 * value for value, word in enumerate(_TENS_WORDS.split(), 2)}
SCALES = {
    "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "k": 1e3, "mil": 1e6,
    "bn": 1e9, "mn": 1e6, "tn": 1e12, "m": 1e6, "grand": 1e3,
}  # fmt: skip
"""Also as they are written after a number: 10 k, 3 bn."""
PAUSE = ","
"""Stands where punctuation stood: ten, fifteen is not a thousand and fifteen."""
_SUFFIX = {"k": 1e3, "m": 1e6, "mm": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9, "t": 1e12, "tn": 1e12}
_DIGITS = re.compile(
    r"^(?P<minus>[-\u2212])?(?:us)?(?P<sign>[$€£])?"
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    r"(?P<suffix>k|mm|mn|m|bn|b|tn|t|x|%|th|st|nd|rd|€|£)?$",
    re.I,
)
_JOINTS = re.compile(r"[-\u2013\u2014]")
_SHORT = {"mo": "month", "yr": "year", "y": "year", "wk": "week", "hr": "hour"}
_PAIRS = {("a", "couple"): 2.0, ("half", "a", "dozen"): 6.0, ("a", "dozen"): 12.0}
_QUARTERS = {("a", "quarter"): 0.25, ("a", "half"): 0.5, ("three", "quarters"): 0.75}


@dataclass(frozen=True)
class Read:
    """A number and what was written on it.

    Attributes:
        value: what it is.
        after: place of the first word after it.
        sign: $, € or £.
        mark: %, x, or the ending of an ordinal number.
        scale: what its last part multiplied it with: 1,000 in "five to ten thousand", else 1.
    """

    value: float
    after: int
    sign: str = ""
    mark: str = ""
    scale: float = 1.0


def parts(word: str) -> list[str]:
    """The parts of a spoken or written word: thirty-year, 5-7%, $500/month.

    >>> parts("Thirty-year,"), parts("5-7%"), parts("$1,200/mo")
    (['thirty', 'year'], ['5', 'to', '7%'], ['$1,200', 'per', 'month'])
    """
    core = word.strip().lower().strip(',;:!?"“”()…').rstrip(".").replace("(", "").replace(")", "")
    head, slash, tail = core.partition("/")
    if slash and _DIGITS.match(head) and not tail[:1].isdigit():
        return [head, "per", _SHORT.get(tail, tail)]
    pieces = [piece for piece in _JOINTS.split(core) if piece]
    if len(pieces) < 2 or _DIGITS.match(core):
        return [core]
    found = [pieces[0]]
    for before, piece in pairwise(pieces):
        if _DIGITS.match(before) and _DIGITS.match(piece):
            found.append("to")
        found.append(piece)
    return found


def read(words: Sequence[str], at: int) -> Read | None:
    """The longest number that begins at a word, or None."""
    digits = _DIGITS.match(words[at])
    if digits:
        return _scaled_digits(words, at, digits)
    if words[at] in {"minus", "negative"} and at + 1 < len(words):
        inner = read(words, at + 1)
        return Read(-inner.value, inner.after, inner.sign, inner.mark) if inner else None
    return _share(words, at) or _rough(words, at) or _spelled(words, at)


def _scaled_digits(words: Sequence[str], at: int, digits: re.Match[str]) -> Read:
    value = float(digits["number"].replace(",", ""))
    suffix = (digits["suffix"] or "").lower()
    scale = _SUFFIX.get(suffix, 1.0)
    after = at + 1
    while after < len(words) and words[after] in SCALES:
        scale *= SCALES[words[after]]
        after += 1
    if scale == 1.0 and words[after : after + 1] == ["hundred"]:
        scale, after = 100.0, after + 1
    if digits["minus"]:
        value = -value
    marks = {"%", "x", "th", "st", "nd", "rd"}
    sign = digits["sign"] or (suffix if suffix in {"€", "£"} else "")
    value = round(value * scale, 9)
    mixed = _and_a_part(words, after)
    if mixed and not suffix:
        value, after = value + mixed[0] * scale, mixed[1]
    return Read(value, after, sign, suffix if suffix in marks else "", scale)


def _share(words: Sequence[str], at: int) -> Read | None:
    """Half a million, a quarter of a billion, three quarters of a million, half a grand."""
    for share in (0.25, 0.5, 0.75):
        for first in [key for key, value in _QUARTERS.items() if value == share]:
            for form in (first, first[1:] if first[0] == "a" else first):
                if tuple(words[at : at + len(form)]) != form:
                    continue
                here = at + len(form)
                here += words[here : here + 1] == ["of"]
                here += words[here : here + 1] == ["a"]
                if here < len(words) and words[here] in SCALES:
                    scale = SCALES[words[here]]
                    return Read(share * scale, here + 1, scale=scale)
    return None


def _rough(words: Sequence[str], at: int) -> Read | None:
    """A couple of thousand, a dozen."""
    for form, value in _PAIRS.items():
        here = at + len(form)
        if tuple(words[at:here]) != form:
            continue
        here += words[here : here + 1] == ["of"]
        following = words[here] if here < len(words) else ""
        scale = 100.0 if following == "hundred" else SCALES.get(following, 1.0)
        return Read(value * scale, here + (scale > 1), scale=scale)
    return None


def _spelled(words: Sequence[str], at: int) -> Read | None:
    total, current, here, seen, scale = 0.0, 0.0, at, False, 1.0
    while here < len(words):
        here += _comma_inside(words, here, scale)
        step = _step(words, here, seen) if here < len(words) else None
        if step is None:
            break
        kind, amount, here = step
        if kind == "add":
            # "twenty" after "five" begins another number: nineteen ninety, seven ten
            if seen and current % 100 and amount >= 10 and current < 100:
                return _year(words, here, current * 100 + amount)
            current += amount
            scale = 1.0
        elif kind == "hundred":
            current, scale = max(current, 1) * 100, 100.0
        elif kind == "scale":
            total, current, scale = total + max(current, 1) * amount, 0.0, amount
        elif kind == "part":  # the last scale was meant: a million and a half
            current += amount * (scale if not current else 1.0)
        else:
            current += amount
        seen = True
    return Read(round(total + current, 9), here, scale=scale) if seen else None


def _comma_inside(words: Sequence[str], here: int, scale: float) -> bool:
    """One thousand, two hundred: the comma parts thousands, and no two numbers."""
    following = words[here + 1] if here + 1 < len(words) else ""
    more = following in UNITS or following in TENS
    after = words[here + 2] if here + 2 < len(words) else ""
    return words[here] == PAUSE and scale >= 1e3 and more and after == "hundred"


def _year(words: Sequence[str], here: int, value: float) -> Read:
    """A year said in two halves takes its last digit along: nineteen ninety nine."""
    if here < len(words) and value % 10 == 0 and UNITS.get(words[here], 10) < 10:
        return Read(value + UNITS[words[here]], here + 1)
    return Read(value, here)


def _step(words: Sequence[str], here: int, seen: bool) -> tuple[str, float, int] | None:
    word = words[here]
    following = words[here + 1] if here + 1 < len(words) else ""
    if word in TENS and 0 < UNITS.get(following, 0) < 10:
        return "add", float(TENS[word] + UNITS[following]), here + 2
    if word in UNITS or word in TENS:
        return "add", float(UNITS.get(word, TENS.get(word, 0))), here + 1
    if word == "hundred" and (seen or following):
        return "hundred", 100.0, here + 1
    if word in SCALES and (seen or len(word) > 3):
        return "scale", SCALES[word], here + 1
    if word in {"a", "an"} and not seen and (following == "hundred" or following in SCALES):
        return "start", 1.0, here + 1
    if word == "and" and seen:
        return _after_and(words, here)
    if word == "point":
        return _decimals(words, here)
    return None


def _decimals(words: Sequence[str], here: int) -> tuple[str, float, int] | None:
    digits, at = "", here + 1
    while at < len(words) and (words[at] == "oh" or UNITS.get(words[at], 10) < 10):
        digits += str(UNITS.get(words[at], 0))
        at += 1
    if not digits and at < len(words) and words[at] in TENS:  # point twenty five
        tens = _step(words, at, False)
        if tens is not None:
            digits, at = f"{int(tens[1])}", tens[2]
    return ("decimals", float(f"0.{digits}"), at) if digits else None


def _and_a_part(words: Sequence[str], here: int) -> tuple[float, int] | None:
    if words[here : here + 1] != ["and"]:
        return None
    for form, value in _QUARTERS.items():
        if tuple(words[here + 1 : here + 3]) == form:
            return value, here + 3
    return None


def _after_and(words: Sequence[str], here: int) -> tuple[str, float, int] | None:
    part = _and_a_part(words, here)
    if part:
        return "part", part[0], part[1]
    following = words[here + 1] if here + 1 < len(words) else ""
    # "one hundred and five", but not "ten and twenty"
    if words[here - 1] in {"hundred", "thousand"} and (following in UNITS or following in TENS):
        return _step(words, here + 1, True)
    return None
