"""Numbers as people say and write them: amounts, rates, times, multiples.

Reads "$500 a month", "five hundred dollars every month", "7%", "seven and a half percent",
"one point two million", "30 years", "ten times", "half a million", "10x". Names that hold a number
(S&P 500, 401(k), the year 1990) are not quantities.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ai_video_editor.context.audio import Word
from ai_video_editor.context.content import NumberMention

_UNITS = {
    w: n
    for n, w in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    w: 10 * n
    for n, w in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
}
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SUFFIX = {"k": 1e3, "m": 1e6, "b": 1e9, "bn": 1e9, "mm": 1e6}
_DIGITS = re.compile(
    r"^(?P<sign>[$€£])?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    r"(?P<suffix>k|m|bn|b|x|%|th|st|nd|rd)?$",
    re.I,
)
_MONEY = {
    "dollar": "usd", "dollars": "usd", "buck": "usd", "bucks": "usd", "usd": "usd", "euro": "eur",
    "euros": "eur", "eur": "eur", "pound": "gbp", "pounds": "gbp", "gbp": "gbp",
}  # fmt: skip
_TIME = {f"{unit}{s}": f"{unit}s" for unit in ("year", "month", "week", "day") for s in ("", "s")}
_PERIOD = {
    "monthly": "month", "yearly": "year", "annually": "year", "annual": "year", "weekly": "week",
    "daily": "day",
}  # fmt: skip
_EACH = {"a", "an", "per", "each", "every"}
_NAMES_BEFORE = {"s&p", "p", "russell", "nasdaq", "ftse", "nikkei", "fortune", "route", "chapter",
                 "number", "rule", "section", "of"}  # fmt: skip


@dataclass(frozen=True)
class _Read:
    value: float
    after: int
    sign: str = ""
    mark: str = ""


def find_numbers(
    words: Sequence[Word], *, skip: frozenset[int] = frozenset()
) -> list[NumberMention]:
    """All quantities in a run of words, in order.

    Args:
        words: with their times; punctuation may be attached.
        skip: indices that count as not said (fillers, abandoned takes).
    """
    kept = [i for i in range(len(words)) if i not in skip]
    texts = [_core(words[i].text) for i in kept]
    found: list[NumberMention] = []
    at = 0
    while at < len(kept):
        mention, after = _mention_at(texts, at)
        if mention is not None and words[kept[at]].input == words[kept[after - 1]].input:
            value, unit, period = mention
            span = [words[kept[i]] for i in range(at, after)]
            found.append(
                NumberMention(
                    input=span[0].input,
                    start=span[0].start,
                    end=max(span[-1].end, span[0].start),
                    text=" ".join(w.text.strip() for w in span).strip(" ,.;:!?"),
                    value=value,
                    unit=unit,
                    period=period,
                    confidence=min(w.confidence for w in span),
                )
            )
        at = max(after, at + 1)
    return found


def _core(text: str) -> str:
    # A bare stop at the end is punctuation, "$" and "%" are not.
    return text.strip().lower().strip(',;:!?"“”()…').rstrip(".")


def _mention_at(texts: list[str], at: int) -> tuple[tuple[float, str, str | None] | None, int]:
    hyphen = re.match(r"^([a-z0-9.]+)-(year|month|week|day|percent)s?$", texts[at])
    if hyphen:
        inner = _read([hyphen.group(1)], 0)
        unit = "percent" if hyphen.group(2) == "percent" else f"{hyphen.group(2)}s"
        return ((inner.value, unit, None), at + 1) if inner else (None, at + 1)
    read = _read(texts, at)
    if read is None:
        return None, at + 1
    if _is_a_name(texts, at, read):
        return None, read.after
    unit, after = _unit(texts, read)
    period, after = (
        _period(texts, after) if unit in {"usd", "eur", "gbp", "percent"} else (None, after)
    )
    if unit == "count" and _not_a_quantity(texts, at, read):
        return None, read.after
    return (read.value, unit, period), after


def _is_a_name(texts: list[str], at: int, read: _Read) -> bool:
    before = texts[at - 1] if at else ""
    if texts[at] in {"401k", "403b", "529"}:
        return True
    if before in _NAMES_BEFORE and not read.sign and not read.mark:
        following = texts[read.after] if read.after < len(texts) else ""
        if before != "of" or texts[max(0, at - 2)] == "rule":
            return following not in _MONEY and following not in {"percent", "years", "months"}
    return bool(read.mark in {"th", "st", "nd", "rd"})


def _not_a_quantity(texts: list[str], at: int, read: _Read) -> bool:
    if read.after == at + 1 and texts[at] in {"one", "two", "three", "a", "an", "zero"}:
        return True
    if 1900 <= read.value <= 2100 and read.value == int(read.value) and not read.sign:
        return True
    return read.value < 4


def _unit(texts: list[str], read: _Read) -> tuple[str, int]:
    following = texts[read.after] if read.after < len(texts) else ""
    if read.sign:
        after = read.after + 1 if following in _MONEY else read.after
        return {"$": "usd", "€": "eur", "£": "gbp"}[read.sign], after
    if read.mark == "%":
        return "percent", read.after
    if read.mark == "x":
        return "times", read.after
    if following in {"percent", "%", "percentage"}:
        return "percent", read.after + 1
    if following in {"per"} and texts[read.after + 1 : read.after + 2] == ["cent"]:
        return "percent", read.after + 2
    if following in _MONEY:
        return _MONEY[following], read.after + 1
    if following in {"times", "fold"}:
        return "times", read.after + 1
    if following in _TIME:
        return _TIME[following], read.after + 1
    return "count", read.after


def _period(texts: list[str], at: int) -> tuple[str | None, int]:
    if at < len(texts) and texts[at] in _PERIOD:
        return _PERIOD[texts[at]], at + 1
    for skip in (0, 1, 2):
        # "dollars every single month", "percent return a year"
        here = at + skip
        if here + 1 < len(texts) and texts[here] in _EACH:
            unit_at = (
                here + 2 if texts[here + 1] == "single" and here + 2 < len(texts) else here + 1
            )
            unit = _TIME.get(texts[unit_at])
            if unit and (skip == 0 or texts[at] in {"return", "growth", "interest", "returns"}):
                return unit[:-1], unit_at + 1
        if skip == 0 and (
            at >= len(texts) or texts[at] not in {"return", "growth", "interest", "returns"}
        ):
            break
    return None, at


def _read(texts: list[str], at: int) -> _Read | None:
    """The longest number that begins at a word."""
    first = texts[at]
    digits = _DIGITS.match(first)
    if digits:
        value = float(digits["number"].replace(",", ""))
        suffix = (digits["suffix"] or "").lower()
        value *= _SUFFIX.get(suffix, 1.0)
        after = at + 1
        while after < len(texts) and texts[after] in _SCALES:
            value *= _SCALES[texts[after]]
            after += 1
        mark = suffix if suffix in {"%", "x", "th", "st", "nd", "rd"} else ""
        return _Read(value, after, digits["sign"] or "", mark)
    if first == "half" and texts[at + 1 : at + 2] == ["a"] and texts[at + 2 : at + 3] != []:
        scale = _SCALES.get(texts[at + 2])
        return _Read(scale / 2, at + 3) if scale else None
    return _read_words(texts, at)


def _pieces(word: str) -> list[str]:
    parts = word.split("-")
    known = all(p in _UNITS or p in _TENS or p in _SCALES or p == "hundred" for p in parts)
    return parts if len(parts) > 1 and known else [word]


def _read_words(texts: list[str], at: int) -> _Read | None:
    total, current, here, seen = 0.0, 0.0, at, False
    while here < len(texts):
        step = _step(texts, here, seen)
        if step is None:
            break
        kind, amount, here = step
        if kind == "add":
            # "twenty" after "five" begins another number: nineteen ninety, seven ten
            if seen and current % 100 and amount >= 10 and current < 100:
                return _year(texts, here, current * 100 + amount)
            current += amount
        elif kind == "hundred":
            current = max(current, 1) * 100
        elif kind == "scale":
            total, current = total + max(current, 1) * amount, 0.0
        elif kind == "fraction":
            current += amount
            seen = True
            continue
        seen = True
    return _Read(total + current, here) if seen else None


def _year(texts: list[str], here: int, value: float) -> _Read:
    """A year said in two halves takes its last digit along: nineteen ninety nine."""
    if here < len(texts) and value % 10 == 0 and _UNITS.get(texts[here], 10) < 10:
        return _Read(value + _UNITS[texts[here]], here + 1)
    return _Read(value, here)


def _step(texts: list[str], here: int, seen: bool) -> tuple[str, float, int] | None:
    word = texts[here]
    pieces = _pieces(word)
    if len(pieces) == 2 and pieces[0] in _TENS and pieces[1] in _UNITS:
        return "add", float(_TENS[pieces[0]] + _UNITS[pieces[1]]), here + 1
    if word in _UNITS or word in _TENS:
        return "add", float(_UNITS.get(word, _TENS.get(word, 0))), here + 1
    if word == "hundred" and seen:
        return "hundred", 100.0, here + 1
    if word in _SCALES and seen:
        return "scale", _SCALES[word], here + 1
    following = texts[here + 1] if here + 1 < len(texts) else ""
    if word in {"a", "an"} and not seen and (following == "hundred" or following in _SCALES):
        return "fraction", 1.0, here + 1
    if word == "and" and seen:
        return _after_and(texts, here)
    if word == "point" and seen and following in _UNITS:
        digits = ""
        at = here + 1
        while at < len(texts) and texts[at] in _UNITS and _UNITS[texts[at]] < 10:
            digits += str(_UNITS[texts[at]])
            at += 1
        return "fraction", float(f"0.{digits or 0}"), at
    return None


def _after_and(texts: list[str], here: int) -> tuple[str, float, int] | None:
    rest = texts[here + 1 : here + 3]
    if rest == ["a", "half"]:
        return "fraction", 0.5, here + 3
    if rest == ["a", "quarter"]:
        return "fraction", 0.25, here + 3
    # "one hundred and five", but not "ten and twenty"
    if (
        rest
        and texts[here - 1] in {"hundred", "thousand"}
        and (rest[0] in _UNITS or rest[0] in _TENS)
    ):
        return "add", float(_UNITS.get(rest[0], _TENS.get(rest[0], 0))), here + 2
    return None
