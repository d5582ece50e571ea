"""Numbers as people say and write them: amounts, rates, times, multiples, and ranges of them.

Reads "$500 a month", "five hundred dollars every month", "7%", "seven and a half percent",
"one point two million", "30 years", "two and a half times", "half a percent", "a buck fifty",
"from 500 to 800 dollars a month". Names that hold a number (S&P 500, 401(k), the year 1990, the
mid-nineties) are not quantities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ai_video_editor.content.spelled import PAUSE, SCALES, TENS, UNITS, Read, parts, read
from ai_video_editor.context.audio import Word
from ai_video_editor.context.content import NumberMention

_MONEY = {
    "dollar": "usd", "dollars": "usd", "buck": "usd", "bucks": "usd", "usd": "usd", "euro": "eur",
    "euros": "eur", "eur": "eur", "pound": "gbp", "pounds": "gbp", "gbp": "gbp", "quid": "gbp",
}  # fmt: skip
_HUNDREDTHS = {"cent": "usd", "cents": "usd", "penny": "usd", "pennies": "usd", "pence": "gbp"}
_SIGNS = {"$": "usd", "€": "eur", "£": "gbp"}
_CURRENCIES = frozenset(_SIGNS.values())
_TIME = {f"{unit}{s}": f"{unit}s" for unit in ("year", "month", "week", "day") for s in ("", "s")}
_SPANS = {"decade": 10.0, "decades": 10.0, "century": 100.0, "centuries": 100.0}
_PERIOD = {
    "monthly": "month", "yearly": "year", "annually": "year", "annual": "year", "weekly": "week",
    "daily": "day", "annum": "year",
}  # fmt: skip
_EACH = {"a", "an", "per", "each", "every", "the"}
_GAINS = {"return", "returns", "growth", "interest", "yield", "gain"}
_POINTS = {("percentage", "point"): 1.0, ("percentage", "points"): 1.0, ("basis", "point"): 0.01,
           ("basis", "points"): 0.01}  # fmt: skip
_MULTIPLES = {"twice": 2.0, "thrice": 3.0, "doubled": 2.0, "tripled": 3.0, "quadrupled": 4.0,
              "twofold": 2.0, "threefold": 3.0, "fourfold": 4.0, "fivefold": 5.0, "tenfold": 10.0,
              "hundredfold": 100.0}  # fmt: skip
_NAMES_BEFORE = {"s&p", "p", "russell", "nasdaq", "ftse", "nikkei", "fortune", "route", "chapter",
                 "number", "rule", "section", "of", "dow", "form", "top", "figure", "step",
                 "episode", "part", "season", "page", "lesson"}  # fmt: skip
_NAMES = frozenset({"401k", "403b", "529", "1099", "365", "911", "360"})
_SPOKEN_NAMES = (("four", "oh", "one", "k"), ("four", "oh", "three", "b"),
                 ("five", "twenty", "nine"), ("sixty", "forty"),
                 ("fifty", "fifty"), ("nine", "to", "five"))  # fmt: skip
_STOPS = (",", ".", ";", ":", "?", "!")
_VAGUE = {"few", "several", "many", "some"}
_JOINS = {"to", "or", "through"}


@dataclass(frozen=True)
class _Quantity:
    value: float
    unit: str
    period: str | None
    after: int
    scale: float = 1.0
    bare: bool = False


def find_numbers(
    words: Sequence[Word], *, skip: frozenset[int] = frozenset()
) -> list[NumberMention]:
    """All quantities in a run of words, in order; of a range both ends.

    Args:
        words: with their times; punctuation may be attached.
        skip: indices that count as not said (fillers, abandoned takes).
    """
    said = [
        (part, i)
        for i in range(len(words))
        if i not in skip
        for part in (*parts(words[i].text), *(PAUSE if words[i].text.endswith(_STOPS) else ""))
    ]
    texts = [part for part, _ in said]
    found: list[NumberMention] = []
    at = 0
    while at < len(texts):
        quantity, after = _quantity(texts, at)
        if quantity is not None and words[said[at][1]].input == words[said[after - 1][1]].input:
            quantity = _of_its_range(texts, at, quantity)
            if not quantity.bare or not _not_a_quantity(texts, at, quantity):
                found.append(_mention(words, sorted({i for _, i in said[at:after]}), quantity))
        at = max(after, at + 1)
    return found


def _mention(words: Sequence[Word], places: Sequence[int], quantity: _Quantity) -> NumberMention:
    span = [words[i] for i in places]
    return NumberMention(
        input=span[0].input,
        start=span[0].start,
        end=max(span[-1].end, span[0].start),
        text=" ".join(w.text.strip() for w in span).strip(" ,.;:!?"),
        value=round(quantity.value, 6),
        unit=quantity.unit,
        period=quantity.period,
        confidence=min(w.confidence for w in span),
    )


def _quantity(texts: list[str], at: int) -> tuple[_Quantity | None, int]:
    """The quantity that begins at a word, and where to go on."""
    for name in _SPOKEN_NAMES:
        if tuple(texts[at : at + len(name)]) == name:
            return None, at + len(name)
    special = _without_a_number(texts, at)
    if special is not None:
        return special, special.after
    number = read(texts, at)
    if number is None:
        return None, at + 1
    if _is_a_name(texts, at, number):
        return None, number.after
    unit, value, after = _unit(texts, number)
    if unit in _MONEY.values():
        value, after = _with_cents(texts, value, after, number)
    period, after = _period(texts, after, unit)
    bare = unit == "count"
    return _Quantity(value, unit, period, after, number.scale, bare), after


def _without_a_number(texts: list[str], at: int) -> _Quantity | None:
    """Half a percent, a buck fifty, a percent, a decade, a year and a half, twice as much."""
    word, rest = texts[at], texts[at + 1 : at + 6]
    following = rest[0] if rest else ""
    if word in _MULTIPLES and (word.endswith(("fold", "ed")) or following in {"as", "the", "more"}):
        return _Quantity(_MULTIPLES[word], "times", None, at + 1)
    share, here = _share_of_one(texts, at)
    if share:
        return _of_one(texts, share, here)
    if word != "a":
        return None
    if following in _SPANS:
        return _Quantity(_SPANS[following], "years", None, at + 2)
    if rest[1:4] == ["and", "a", "half"] and (following in _TIME or following in _MONEY):
        return _of_one(texts, 1.5, at + 1, to=at + 5)
    if following in _MONEY:
        value, after = _with_cents(texts, 1.0, at + 2, Read(1.0, at + 1))
        period, after = _period(texts, after, _MONEY[following])
        if period or value != 1.0:
            return _Quantity(value, _MONEY[following], period, after)
    if following == "percent":
        period, after = _period(texts, at + 2, "percent")
        return _Quantity(1.0, "percent", period, after)
    return None


def _share_of_one(texts: list[str], at: int) -> tuple[float, int]:
    """A share that a unit may follow: half a, a quarter of a, three quarters of a; and its end."""
    for form, share in (
        (("half", "of", "a"), 0.5), (("half", "of", "one"), 0.5), (("half", "a"), 0.5),
        (("a", "half", "a"), 0.5), (("a", "half"), 0.5), (("half",), 0.5),
        (("a", "quarter", "of", "a"), 0.25), (("quarter", "of", "a"), 0.25),
        (("a", "quarter", "of", "one"), 0.25), (("a", "quarter"), 0.25),
        (("a", "tenth", "of", "a"), 0.1), (("one", "tenth", "of", "a"), 0.1),
        (("one", "tenth", "of", "one"), 0.1), (("three", "quarters", "of", "a"), 0.75),
        (("two", "thirds", "of", "a"), 2 / 3),
    ):  # fmt: skip
        if tuple(texts[at : at + len(form)]) == form:
            return share, at + len(form)
    return 0.0, at


def _of_one(texts: list[str], share: float, at: int, *, to: int = 0) -> _Quantity | None:
    unit = texts[at] if at < len(texts) else ""
    after = to or at + 1
    if unit in {"percent", "percentage", "point"}:
        after += texts[at : at + 2] == ["percentage", "point"]
        period, after = _period(texts, after, "percent")
        return _Quantity(share, "percent", period, after)
    if unit in _MONEY:
        return _Quantity(share, _MONEY[unit], None, after)
    if unit in _TIME:
        return _Quantity(share, _TIME[unit], None, after)
    if unit in _SPANS:
        return _Quantity(share * _SPANS[unit], "years", None, after)
    return None


def _of_its_range(texts: list[str], at: int, quantity: _Quantity) -> _Quantity:
    """The first end of a range with the unit, period and scale that only the second end has."""
    join = texts[quantity.after] if quantity.after < len(texts) else ""
    between = texts[at - 1 : at] == ["between"] and join == "and"
    if quantity.after + 1 >= len(texts) or (join not in _JOINS and not between):
        return quantity
    other, _ = _quantity(texts, quantity.after + 1)
    if other is None or other.value == quantity.value:
        return quantity
    if not quantity.bare and quantity.unit != other.unit:
        return quantity
    coefficient = other.value / other.scale
    smaller = quantity.scale == 1.0 < other.scale and quantity.value < max(coefficient, 1.0)
    value = quantity.value * other.scale if smaller else quantity.value
    # "three or four years": the first end alone would be too small to count.
    bare = quantity.bare and other.bare and other.period is None
    return replace(
        quantity, value=value, unit=other.unit, period=quantity.period or other.period, bare=bare
    )


def _is_a_name(texts: list[str], at: int, number: Read) -> bool:
    before = texts[at - 1] if at else ""
    following = texts[number.after] if number.after < len(texts) else ""
    if following in {"figure", "figures"}:
        return True
    if before in _VAGUE and texts[at] in {"hundred", *SCALES}:
        return True
    if texts[at] in _NAMES and following not in {*_MONEY, "percent"}:
        return True
    if number.value in {401_000.0, 403_000.0}:
        return True
    if before in _NAMES_BEFORE and not number.sign and not number.mark:
        if before == "of" and texts[max(0, at - 2)] != "rule":
            return False
        return following not in _MONEY and following not in {"percent", "years", "months", "to"}
    return bool(number.mark in {"th", "st", "nd", "rd"})


def _not_a_quantity(texts: list[str], at: int, quantity: _Quantity) -> bool:
    value = quantity.value
    if quantity.after == at + 1 and texts[at] in {"one", "two", "three", "a", "an", "zero"}:
        return True
    if 1900 <= value <= 2100 and value == int(value) and "," not in texts[at]:
        return True
    return value < 4


def _unit(texts: list[str], number: Read) -> tuple[str, float, int]:
    """Unit, value and the place after both."""
    after, value = number.after, number.value
    following = texts[after] if after < len(texts) else ""
    if number.sign:
        return _SIGNS[number.sign], value, after + (following in _MONEY)
    if number.mark == "%":
        return "percent", value, after
    if number.mark == "x":
        return "times", value, after
    points = _POINTS.get((following, texts[after + 1] if after + 1 < len(texts) else ""))
    if points:
        return "percent", value * points, after + 2
    if following == "bps":
        return "percent", value * 0.01, after + 1
    if following in {"percent", "%", "percentage", "pct"}:
        return "percent", value, after + 1
    if texts[after : after + 2] == ["per", "cent"]:
        return "percent", value, after + 2
    if following in _HUNDREDTHS:
        return _HUNDREDTHS[following], value / 100, after + 1
    return _plain_unit(texts, value, after, following)


def _plain_unit(texts: list[str], value: float, after: int, word: str) -> tuple[str, float, int]:
    of = word in {"of", "in", "more"} and SCALES.get(texts[after - 1]) is not None
    following = texts[after + 1] if of and after + 1 < len(texts) else word
    if following in _MONEY and (following == word or word == "of"):
        return _MONEY[following], value, after + 1 + (following != word)
    if texts[after - 1] == "grand":
        return "usd", value, after
    if word in {"times", "fold"}:
        return "times", value, after + 1
    if word == "more" and texts[after + 1 : after + 2] == ["years"]:
        return "years", value, after + 2
    if word in _SPANS:
        return "years", value * _SPANS[word], after + 1
    if word in _TIME:
        return _TIME[word], value, after + 1
    return "count", value, after


def _with_cents(texts: list[str], value: float, after: int, number: Read) -> tuple[float, int]:
    """A dollar twenty-five, three dollars and fifty cents: the amount with what follows it."""
    joined = texts[after : after + 1] == ["and"]
    here = after + joined
    if here >= len(texts) or number.sign or (texts[here] not in UNITS and texts[here] not in TENS):
        return value, after
    cents = read(texts, here)
    if cents is None or not 1 <= cents.value < 100 or cents.value != int(cents.value):
        return value, after
    following = texts[cents.after] if cents.after < len(texts) else ""
    if following in _HUNDREDTHS:
        return value + cents.value / 100, cents.after + 1
    unit, *_ = _unit(texts, cents)
    if joined or cents.value < 10 or unit != "count" or following in {"to", "of"}:
        return value, after
    return value + cents.value / 100, cents.after


def _period(texts: list[str], at: int, unit: str) -> tuple[str | None, int]:
    """How often: a month, every single day, annually; after "return" and its like as well."""
    if unit not in _CURRENCIES | {"percent", "count"} or at >= len(texts):
        return None, at
    if texts[at] in _PERIOD:
        return _PERIOD[texts[at]], at + 1
    here = at + (texts[at] in _GAINS and unit == "percent")
    if texts[here : here + 2] == ["per", "annum"]:
        return "year", here + 2
    if here + 1 < len(texts) and texts[here] in _EACH - {"the"}:
        place = here + 1 + (texts[here + 1] in {"single", "passing"})
        period = _TIME.get(texts[place]) if place < len(texts) else None
        if period and texts[place] in {"year", "month", "week", "day"}:
            return period[:-1], place + 1
    if here > at and texts[here : here + 1] and texts[here] in _PERIOD:
        return _PERIOD[texts[here]], here + 1
    return None, at
