"""Numbers of the talk that belong together: what is put in, at what rate, for how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ai_video_editor.context.content import NumberMention
from ai_video_editor.context.plan import ChartData
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.language import wording
from ai_video_editor.language.growth import balances

_TOGETHER = Fraction(20)
"""Numbers of one example are said within this time, seconds."""

_MONEY = frozenset({"usd", "eur", "gbp"})


@dataclass(frozen=True)
class Figures:
    """Numbers that may be printed.

    Attributes:
        numbers: all of them, in order.
        contribution: money a month.
        rate: percent a year said with it.
        span: years said with it.
        principal: money at the start said with it.
    """

    numbers: tuple[NumberMention, ...]
    contribution: NumberMention | None
    rate: NumberMention | None
    span: NumberMention | None
    principal: NumberMention | None

    @property
    def monthly(self) -> str:
        """The contribution as it is printed, "$500", or ""."""
        c = self.contribution
        return wording.money(c.value, c.unit) if c else ""

    @property
    def years(self) -> str:
        """The years as they are printed, "30", or ""."""
        return f"{self.span.value:g}" if self.span and self.contribution else ""

    @property
    def chart(self) -> ChartData | None:
        """What the growth curve of the talk's example is drawn from; None where none was given."""
        if not (self.contribution and self.rate and self.span):
            return None
        return ChartData(
            kind="growth",
            units=(self.contribution.unit,),
            principal=self.principal.value if self.principal else 0.0,
            contribution=self.contribution.value,
            annual_rate=self.rate.value,
            years=self.span.value,
        )

    @property
    def becomes(self) -> str:
        """What the example grows to, "Becomes $502,258"; "" where none was given."""
        chart = self.chart
        if chart is None or not self.contribution:
            return ""
        try:
            end = balances(
                chart.contribution or 0, chart.principal or 0, chart.annual_rate or 0,
                chart.years or 0,
            )[-1]  # fmt: skip
        except ValueError:
            return ""
        return f"Becomes {wording.money(float(round(end)), self.contribution.unit)}"

    def short_texts(self) -> list[str]:
        """Two to four words each, for a thumbnail; the strongest first."""
        texts = []
        if self.contribution:
            texts.append(f"{self.monthly} a Month")
        if self.rate and self.span:
            texts.append(f"{self.rate.value:g}% for {self.span.value:g} Years")
        amounts = [n for n in self.numbers if n.unit in _MONEY and n.value >= 10_000]
        if amounts:
            top = max(amounts, key=lambda n: n.value)
            texts.append(f"{wording.money(top.value, top.unit)}?")
        return texts


def figures(material: Material) -> Figures:
    """The talk's printable numbers and the first example that a growth curve can be drawn from."""
    if material.audio is None or not material.printable:
        return Figures((), None, None, None, None)
    limit = material.audio.print_threshold
    numbers = tuple(n for n in material.summary.numbers if n.certain and n.confidence >= limit)
    for contribution in numbers:
        if contribution.unit not in _MONEY or contribution.period != "month":
            continue
        near = [n for n in numbers if n is not contribution and _near(n, contribution)]
        rate = _closest(
            [
                n
                for n in near
                if n.unit == "percent" and 0 < n.value <= 30 and not _said_with(n, _COSTS, material)
            ],
            contribution,
        )
        span = _closest([n for n in near if n.unit == "years" and 2 <= n.value <= 80], contribution)
        saved = _said_with(contribution, _SAVES, material)
        if rate and span and saved and not _said_with(contribution, _COSTS, material):
            return Figures(
                numbers, contribution, rate, span, _principal(near, contribution, material)
            )
    return Figures(numbers, None, None, None, None)


_SAVES = frozenset(
    wording.root(word)
    for word in (
        "invest", "invests", "investing", "invested", "save", "saves", "saving", "saved",
        "savings", "put", "puts", "putting", "contribute", "contributes", "contributing",
        "deposit", "deposits", "aside", "add", "adds", "adding", "stash"
    )
)  # fmt: skip
"""Words with which a sum a month is money that is kept and may grow."""

_COSTS = frozenset(
    wording.root(word)
    for word in (
        "fee", "fees", "charge", "charges", "charged", "expense", "expenses", "inflation",
        "tax", "taxes", "cost", "costs", "ratio", "rent", "debt", "loan", "mortgage", "spend",
        "spends", "spending", "bill", "bills", "from"
    )
)  # fmt: skip
"""Words with which a rate is no return, and a sum is not kept; *from* begins a change."""


def _said_with(number: NumberMention, roots: frozenset[str], material: Material) -> bool:
    """Whether the sentence of a number has one of some words."""
    assert material.audio is not None  # the numbers are from it
    for sentence in material.audio.sentences:
        if sentence.input == number.input and sentence.start <= number.start < sentence.end:
            return any(wording.root(token) in roots for token in wording.tokens(sentence.text))
    return False


def _near(number: NumberMention, other: NumberMention) -> bool:
    return number.input == other.input and abs(number.start - other.start) <= _TOGETHER


def _closest(numbers: Sequence[NumberMention], to: NumberMention) -> NumberMention | None:
    return min(numbers, key=lambda n: abs(n.start - to.start), default=None)


_STARTS = (
    "start with",
    "starting with",
    "begin with",
    "initial",
    "up front",
    "lump sum",
    "already have",
)


def _principal(
    near: Sequence[NumberMention], contribution: NumberMention, material: Material
) -> NumberMention | None:
    """Money the speaker said was there at the start; only where the words say so."""
    assert material.audio is not None  # the numbers are from it
    for number in near:
        if number.unit != contribution.unit or number.period or number.start > contribution.end:
            continue
        before = [
            w.text
            for w in material.audio.words
            if w.input == number.input and number.start - 2 <= w.start < number.end
        ]
        if any(phrase in " ".join(before).lower() for phrase in _STARTS):
            return number
    return None
