"""The mathematics of charts."""

from __future__ import annotations

from decimal import Decimal, getcontext
from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_video_editor.broll.charts import (
    change,
    compact,
    figure,
    growth,
    parts_of_whole,
    result_of,
    round_ticks,
    shares,
)
from ai_video_editor.context.plan import Operator

CENT = Decimal("0.01")


def closed_form(added: Decimal, start: Decimal, rate: Decimal, months: int) -> Decimal:
    """Future value of a sum and of an ordinary annuity, by the textbook's formula."""
    getcontext().prec = 60
    if rate == 0:
        return start + added * months
    monthly = rate / Decimal(1200)
    factor = (1 + monthly) ** months
    return start * factor + added * (factor - 1) / monthly


@given(
    added=st.decimals(0, 100_000, places=2),
    start=st.decimals(1, 10_000_000, places=2),
    rate=st.decimals(0, 100, places=3),
    months=st.integers(1, 600),
)
def test_growth_is_the_closed_form_to_the_cent(
    added: Decimal, start: Decimal, rate: Decimal, months: int
) -> None:
    last = growth(added, start, rate, Decimal(months) / 12)[-1]
    assert last.month == months
    assert last.total == closed_form(added, start, rate, months).quantize(CENT)
    assert last.contributed == start + added * months


@given(
    added=st.decimals(1, 10_000, places=2),
    rate=st.decimals(0, 30, places=2),
    years=st.integers(1, 60),
)
def test_paid_in_and_interest_add_up_and_never_shrink(
    added: Decimal, rate: Decimal, years: int
) -> None:
    points = growth(added, 0, rate, years)
    assert [point.month for point in points] == [12 * year for year in range(years + 1)]
    assert all(point.contributed + point.interest == point.total for point in points)
    totals = [point.total for point in points]
    assert totals == sorted(totals)


@given(
    st.lists(st.integers(1, 10**9), min_size=2, max_size=5),
)
def test_parts_are_their_share_of_the_whole(cents: list[int]) -> None:
    parts = parts_of_whole([value / 100 for value in cents], "usd")
    for part, value in zip(parts, cents, strict=True):
        assert abs(Fraction(part) - Fraction(100 * value, sum(cents))) <= Fraction(1, 20)


@given(st.lists(st.integers(1, 97), min_size=2, max_size=5))
def test_percent_are_parts_of_a_whole_only_where_they_add_up(values: list[int]) -> None:
    if sum(values) == 100:
        assert parts_of_whole(values, "percent") == tuple(Decimal(value) for value in values)
    else:
        with pytest.raises(ValueError, match="no whole"):
            parts_of_whole(values, "percent")


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_a_change_is_the_share_of_what_was_before(before: int, after: int) -> None:
    if before == after:
        with pytest.raises(ValueError, match="different"):
            change(before, after, "usd")
        return
    printed = change(before, after, "usd")
    exact = Fraction(after - before, before)
    if printed.endswith("as much"):
        times = Fraction(printed.split("\u00d7")[0].lstrip("+").replace(",", ""))
        assert abs(times - Fraction(after, before)) <= Fraction(1, 10)
    else:
        shown = Fraction(printed[1:-1].replace(",", "")) / 100
        assert printed[0] == ("+" if exact > 0 else "\u2212")
        assert abs(shown - abs(exact)) <= Fraction(1, 200)


@given(
    st.integers(1, 100_000), st.integers(1, 60), st.sampled_from(get_args(Operator)),
    st.integers(1, 99),
)  # fmt: skip
def test_a_formula_gives_what_its_terms_give(
    first: int, second: int, operator: Operator, percent: int
) -> None:
    by_hand = {
        "times": Fraction(first * second), "plus": Fraction(first + second),
        "minus": Fraction(first - second), "over": Fraction(first, second),
    }[operator]  # fmt: skip
    given_ = result_of([first, second, percent], [operator, "times"], ["usd", "", "percent"])
    assert abs(Fraction(given_) - by_hand * percent / 100) < Fraction(1, 10**20)


def test_five_hundred_dollars_a_month_at_seven_percent_for_thirty_years() -> None:
    last = growth(500, 0, 7, 30)[-1]
    assert (last.contributed, last.total) == (Decimal("180000.00"), Decimal("609985.50"))


def test_half_a_year_ends_on_its_own_month() -> None:
    assert [point.month for point in growth(100, 0, 5, 2.5)] == [0, 12, 24, 30]


@pytest.mark.parametrize(
    ("added", "start", "rate", "years"),
    [
        (0, 0, 7, 30),
        (-1, 0, 7, 30),
        (500, 0, -2, 30),
        (500, 0, 101, 30),
        (500, 0, 7, 0),
        (500, 0, 7, 101),
        (float("nan"), 0, 7, 30),
        (500, 0, float("inf"), 30),
    ],
)
def test_numbers_that_cannot_be_are_refused(
    added: float, start: float, rate: float, years: float
) -> None:
    with pytest.raises(ValueError):
        growth(added, start, rate, years)


@given(st.floats(min_value=1e-3, max_value=1e12), st.integers(2, 8))
def test_an_axis_reaches_its_highest_value_in_few_even_steps(highest: float, most: int) -> None:
    ticks = round_ticks(highest, most=most)
    assert ticks[0] == 0
    assert ticks[-1] >= highest
    assert 1 <= len(ticks) - 1 <= most
    assert ticks[1] == pytest.approx(ticks[-1] / (len(ticks) - 1))


def test_an_axis_without_height_is_refused() -> None:
    with pytest.raises(ValueError, match="height above 0"):
        round_ticks(0)


def test_the_longest_bar_is_whole() -> None:
    assert shares([2, 4, 0]) == (0.5, 1.0, 0.0)


@pytest.mark.parametrize("values", [[], [0, 0], [1, -1], [1, float("inf")], [1, float("nan")]])
def test_bars_that_cannot_be_drawn_are_refused(values: list[float]) -> None:
    with pytest.raises(ValueError, match="bars need"):
        shares(values)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (950, "950"), (12_500, "12.5K"), (999_999, "1M"), (1_250_000, "1.25M"), (3e9, "3B")],
)
def test_axes_are_short(value: float, text: str) -> None:
    assert compact(value) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (500, "usd", "$500"),
        (609_985.5, "usd", "$609,986"),
        (4.5, "usd", "$4.50"),
        (-20, "eur", "-€20"),
        (7.25, "percent", "7.25%"),
        (30, "years", "30 years"),
        (1, "years", "1 year"),
        (3, "times", "3\u00d7"),
        (1_000_000, "count", "1,000,000"),
        (12, "users", "12 users"),
    ],
)
def test_figures_are_printed_as_people_write_them(value: float, unit: str, text: str) -> None:
    assert figure(value, unit) == text
