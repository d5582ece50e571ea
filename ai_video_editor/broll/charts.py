"""The mathematics of charts: growth of money to the cent, axes with round numbers, figures as text.

Money is `Decimal` from beginning to end; nothing is rounded before the last step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal, localcontext
from math import isfinite

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
