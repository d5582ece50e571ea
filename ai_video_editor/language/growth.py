"""Money that grows: the balance month by month, for words and small pictures of it."""

from __future__ import annotations

from decimal import Decimal, localcontext

LONGEST = 1200
"""Months; a hundred years."""

_PRECISION = 50


def balances(
    contribution: float, principal: float, annual_rate: float, years: float
) -> tuple[Decimal, ...]:
    """The balance at the start and after every month, compounded monthly, not rounded.

    Every month the balance earns a twelfth of the annual rate, then the contribution is added.

    Args:
        contribution: added every month.
        principal: money at the start.
        annual_rate: nominal, percent a year, 0 to 100.
        years: rounded to whole months, 1 to `LONGEST`.

    Raises:
        ValueError: a number is outside its range, or there is no money to grow.
    """
    added, start, rate = (Decimal(str(v)) for v in (contribution, principal, annual_rate))
    if not all(value.is_finite() for value in (added, start, rate)) or years != years:
        raise ValueError("a number is not finite")
    if added < 0 or start < 0 or added + start == 0 or not 0 <= rate <= 100:
        raise ValueError("there is nothing to grow, or the rate is outside 0 to 100 percent")
    months = int((Decimal(str(years)) * 12).to_integral_value()) if 0 < years <= 100 else 0
    if not 1 <= months <= LONGEST:
        raise ValueError(f"{years} years are outside a month to a hundred years")
    found = [start]
    with localcontext() as context:
        context.prec = _PRECISION
        for _ in range(months):
            found.append(found[-1] * (1 + rate / 1200) + added)
    return tuple(found)
