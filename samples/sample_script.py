"""What is said in the sample, and everything an editor should find in it.

Plain words are kept. `[um]` is a filler (several words inside are one event), `{...}` is a passage
that must not be cut (numbers, the disclaimer), and a line marked `abandoned` is a take that was
broken off: the next line that is not abandoned says it again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Shot = Literal["presenter", "title", "chart", "rules"]


@dataclass(frozen=True)
class Line:
    """One utterance.

    Attributes:
        shot: what is seen while it is said and until the next line begins.
        text: what is said, with the marks described above.
        pause: seconds of silence after it.
        deliberate: whether that silence is meant (after a question).
        abandoned: whether it belongs to a take that was broken off.
        chapter: title of the part that begins here.
    """

    shot: Shot
    text: str
    pause: float
    deliberate: bool = False
    abandoned: bool = False
    chapter: str = ""

    @property
    def plain(self) -> str:
        """What is said, without marks."""
        return re.sub(r"[\[\]{}]", "", self.text)

    def marks(self) -> list[tuple[int, bool]]:
        """For each word: number of the filler event it belongs to (-1 none), and protection."""
        marks, event, inside, protected = [], -1, False, False
        for token in self.text.split():
            if "{" in token:
                protected = True
            if "[" in token:
                event, inside = event + 1, True
            marks.append((event if inside else -1, protected))
            if "]" in token:
                inside = False
            if "}" in token:
                protected = False
        return marks


LEAD_IN = 0.6
"""Seconds of room tone before the first word."""

LINES = (
    Line("presenter", "Hello everyone and welcome back.", 0.45, chapter="Welcome"),
    Line("presenter", "Today we are going to talk about, [um,] compound interest.", 1.3),
    Line("title", "[So,] what is compound interest?", 1.7, deliberate=True,
         chapter="What is compound interest?"),
    Line("presenter", "[Um,] it is, [uh,] interest on top of interest.", 0.4),
    Line("presenter", "Think of compound interest as, [you know,] money that works for you.", 1.2),
    Line("presenter", "Let me give you an example.", 0.5,
         chapter="Five hundred dollars a month"),
    Line("presenter", "Imagine you invest five hundred dollars,", 0.6, abandoned=True),
    Line("presenter", "sorry, let me try that again.", 0.7, abandoned=True),
    Line("presenter", "Imagine you invest {five hundred dollars every month.}", 0.45),
    Line("chart", "The average return is about {six percent a year.}", 1.1),
    Line("chart", "After {thirty years} you would have, [er,] {half a million dollars.}",
         1.9),
    Line("presenter", "[I mean,] that's really amazing!", 0.4),
    Line("presenter", "[Hmm,] I can't believe how simple compound interest is!", 1.5),
    Line("rules", "[Okay so,] there are {three} ways to save money.", 0.5,
         chapter="Three ways to save"),
    Line("rules", "Number one, spend less than you earn.", 0.55),
    Line("rules", "Number two, [like,] automate your savings.", 0.55),
    Line("rules", "Number three, [uh,] invest your money.", 1.2),
    Line("presenter", "{This is not financial advice.}", 0.5),
    Line("presenter", "Your future self will thank you.", 0.9),
    Line("presenter", "Thanks for watching, see you next time.", 0.8),
)  # fmt: skip

NUMBERS = (
    {"text": "five hundred dollars every month", "value": 500.0, "unit": "usd", "period": "month"},
    {"text": "six percent a year", "value": 6.0, "unit": "percent", "period": "year"},
    {"text": "thirty years", "value": 30.0, "unit": "years", "period": None},
    {"text": "half a million dollars", "value": 500_000.0, "unit": "usd", "period": None},
)
"""The numbers that a chart can be drawn from, as they are said."""
