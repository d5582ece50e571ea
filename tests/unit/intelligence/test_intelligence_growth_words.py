"""Money that grows: the number a thumbnail prints is the number the chart draws."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_video_editor.broll.charts import growth
from ai_video_editor.language.growth import balances


@given(
    contribution=st.integers(0, 5000),
    principal=st.integers(1, 100_000),
    rate=st.decimals(0, 20, places=2),
    years=st.integers(1, 60),
)
def test_the_balance_is_that_of_the_chart(
    contribution: int, principal: int, rate: Decimal, years: int
) -> None:
    found = balances(contribution, principal, float(rate), years)
    assert len(found) == 12 * years + 1
    for point in growth(contribution, principal, rate, years):
        assert found[point.month].quantize(Decimal("0.01")) == point.total


@pytest.mark.parametrize("values", [(0, 0, 6, 30), (500, 0, -1, 30), (500, 0, 6, 0)])
def test_what_cannot_grow_is_refused(values: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError):
        balances(*values)
