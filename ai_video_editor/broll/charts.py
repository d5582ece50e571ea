"""The mathematics of charts: growth of money to the cent, axes with round numbers, figures as text.

Money is `Decimal` from beginning to end; nothing is rounded before the last step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal, localcontext
from math import isfinite

from ai_video_editor.context.plan import Operator

CENT = Decimal("0.01")

LONGEST = 100
"""Years; beyond a lifetime a growth chart says nothing."""

_SIGNS = {"usd": "$", "eur": "€", "gbp": "£"}

_PRECISION = 50
"""Digits carried; 1,200 monthly steps lose less than four of them."""


@dataclass(frozen=True)
class GrowthPoint:
    """Where the money stands after some months, each amount rounded to the cent.

    `contributed` and `interest` add up to `total`.
    """

    month: int
    contributed: Decimal
    interest: Decimal

    @property
    def total(self) -> Decimal:
        """Balance."""
        return self.contributed + self.interest


def growth(
    contribution: Decimal | float,
    principal: Decimal | float,
    annual_rate: Decimal | float,
    years: Decimal | float,
) -> tuple[GrowthPoint, ...]:
    """Growth of money with monthly compounding: the beginning, every full year, and the end.

    Every month the balance earns a twelfth of the annual rate, then the contribution is added
    (an ordinary annuity: paid at the end of the month).

    Args:
        contribution: added every month, at least 0.
        principal: money at the start, at least 0.
        annual_rate: nominal, percent a year, 0 to 100.
        years: 1/12 to 100; rounded to whole months.

    Raises:
        ValueError: a number is outside its range, or there is no money at all.
    """
    added, start, rate = (Decimal(str(value)) for value in (contribution, principal, annual_rate))
    length = Decimal(str(years))
    if not all(value.is_finite() for value in (added, start, rate, length)):
        raise ValueError("a number of the chart is not finite")
    if added < 0 or start < 0 or added + start == 0:
        raise ValueError("there is no money to grow")
    if not 0 <= rate <= 100:
        raise ValueError(f"a rate of {rate} percent a year is outside 0 to 100")
    months = int((length * 12).to_integral_value()) if 0 < length <= LONGEST else 0
    if months < 1:
        raise ValueError(f"{length} years are outside a month to {LONGEST} years")
    points = []
    with localcontext() as context:
        context.prec = _PRECISION
        factor = 1 + rate / 1200
        balance = start
        for month in range(months + 1):
            if month:
                balance = balance * factor + added
            if month % 12 == 0 or month == months:
                points.append(_point(month, start + added * month, balance))
    return tuple(points)


def _point(month: int, contributed: Decimal, balance: Decimal) -> GrowthPoint:
    paid = contributed.quantize(CENT, ROUND_HALF_EVEN)
    return GrowthPoint(month, paid, balance.quantize(CENT, ROUND_HALF_EVEN) - paid)


def round_ticks(highest: float, *, most: int = 4) -> tuple[float, ...]:
    """Axis marks from 0 in steps of 1, 2, 2.5 or 5 times a power of ten, the last at or above.

    Args:
        highest: largest value shown, above 0.
        most: how many steps at most.

    Raises:
        ValueError: `highest` is not above 0.
    """
    if not highest > 0 or highest == float("inf"):
        raise ValueError(f"an axis needs a height above 0, not {highest}")
    step = Decimal(1).scaleb(Decimal(str(highest)).adjusted() - 2)
    while True:
        for factor in (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5)):
            count = int((Decimal(str(highest)) / (step * factor)).to_integral_value(ROUND_CEILING))
            if count <= most:
                return tuple(float(step * factor * k) for k in range(count + 1))
        step *= 10


def shares(values: Sequence[float]) -> tuple[float, ...]:
    """Each value as a share of the largest, for the lengths of bars.

    Raises:
        ValueError: a value is negative or not finite, or none is above 0.
    """
    if not values or not all(isfinite(value) for value in values):
        raise ValueError("bars need finite values")
    if min(values) < 0 or max(values) == 0:
        raise ValueError("bars need values of 0 and more, one of them above 0")
    return tuple(value / max(values) for value in values)


WHOLE = (Decimal("99.5"), Decimal("100.5"))
"""Percent that the parts of a whole add up to, as people round them."""


def parts_of_whole(values: Sequence[float], unit: str) -> tuple[Decimal, ...]:
    """Percent of the whole that each part is, to a tenth; percent that were said stay as said.

    Raises:
        ValueError: a part is not above 0, or percent do not add up to a whole.
    """
    parts = [Decimal(str(value)) for value in values]
    if len(parts) < 2 or not all(part.is_finite() and part > 0 for part in parts):
        raise ValueError("an allocation needs at least two parts, each above 0")
    if unit == "percent":
        if not WHOLE[0] <= sum(parts) <= WHOLE[1]:
            raise ValueError(f"the parts add up to {sum(parts)} percent, which is no whole")
        return tuple(parts)
    whole = sum(parts)
    return tuple((part * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_EVEN) for part in parts)


def change(before: float, after: float, unit: str) -> str:
    """How much something changed, as it is printed: +60%, -25%, or +3 points for percent.

    Raises:
        ValueError: a number is not finite, nothing changed, or a change from 0 or below.
    """
    if not (isfinite(before) and isfinite(after)) or before == after:
        raise ValueError("a change needs two different numbers")
    first, last = Decimal(str(before)), Decimal(str(after))
    sign = "+" if last > first else "\u2212"
    if unit == "percent":
        size = abs(last - first)
        return f"{sign}{_plain(size, 2)} {'point' if size == 1 else 'points'}"
    if first <= 0:
        raise ValueError("a change in percent needs a beginning above 0")
    if last >= 3 * first:
        return f"{_plain(last / first, 1)}\u00d7 as much"
    share = abs(last - first) * 100 / first
    return f"{sign}{_plain(share, 0 if share >= 10 else 1)}%"


def result_of(
    terms: Sequence[float], operators: Sequence[Operator], units: Sequence[str] = ()
) -> Decimal:
    """What a formula gives, its operators taken from left to right; 2 percent counts as 0.02.

    Raises:
        ValueError: terms and operators do not pair, an operator is not known, or a division by 0.
    """
    if len(terms) != len(operators) + 1 or len(terms) < 2:
        raise ValueError("a formula needs an operator between each two terms")
    values = [Decimal(str(term)) for term in terms]
    if not all(value.is_finite() for value in values):
        raise ValueError("a term of the formula is not finite")
    named = (*units, *[""] * len(values))
    values = [v / 100 if unit == "percent" else v for v, unit in zip(values, named, strict=False)]
    total = values[0]
    with localcontext() as context:
        context.prec = _PRECISION
        for operator, value in zip(operators, values[1:], strict=True):
            if operator == "times":
                total *= value
            elif operator == "plus":
                total += value
            elif operator == "minus":
                total -= value
            elif operator == "over" and value:
                total /= value
            else:
                raise ValueError(f"a formula cannot say {operator} {value}")
    return total


def compact(value: float | Decimal) -> str:
    """A number in as few letters as an axis needs: 950, 12.5K, 500K, 1.2M, 3B."""
    number = Decimal(str(value))
    for size, letter in ((Decimal(10) ** 9, "B"), (Decimal(10) ** 6, "M"), (Decimal(1000), "K")):
        if abs(number) >= size * Decimal("0.9995"):
            return _plain(number / size, 2 if abs(number) < 10 * size else 1) + letter
    return _plain(number, 2 if abs(number) < 10 else 1)


def _plain(number: Decimal, digits: int) -> str:
    rounded = number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def figure(value: float | Decimal, unit: str = "", *, short: bool = False) -> str:
    """A number with its unit, as it is printed: $502,258, 6%, 30 years.

    Args:
        value: the number.
        unit: a unit of `NumberMention`, a word of its own ("users"), or nothing.
        short: in compact form.
    """
    number = Decimal(str(value))
    if short:
        text = compact(number)
    else:
        text = _plain(number, 0 if abs(number) >= 1000 or number == number.to_integral() else 2)
    if unit in _SIGNS:
        cents = not short and number != number.to_integral() and abs(number) < 1000
        text = f"{number:,.2f}" if cents else text
        return f"-{_SIGNS[unit]}{text.lstrip('-')}" if text.startswith("-") else _SIGNS[unit] + text
    if unit in ("percent", "%"):
        return f"{text}%"
    if unit == "times":
        return f"{text}\u00d7"
    if unit in ("", "count"):
        return text
    return f"{text} {unit.removesuffix('s') if number == 1 and unit.endswith('s') else unit}"
