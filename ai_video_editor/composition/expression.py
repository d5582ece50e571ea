"""Piecewise functions in ffmpeg's expression language, as balanced trees.

A sum of a thousand `between()` terms overflows the parser and costs a thousand tests a frame; a
tree of `if(lt())` is eleven deep and asks eleven questions (measured: 800 ranges cost the same as
10, where a `split` and `concat` graph took five times as long).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Step:
    """A value over a half-open run of integers.

    Attributes:
        start: first integer.
        end: integer after the last.
        value: an ffmpeg expression.
    """

    start: int
    end: int
    value: str


def piecewise(steps: Sequence[Step], variable: str, otherwise: str) -> str:
    """The expression that is each step's value inside it and `otherwise` everywhere else.

    Args:
        steps: ascending, without overlap.
        variable: what is compared, such as `n` or `ld(0)`.
        otherwise: value outside all steps.
    """
    if not steps:
        return otherwise
    if len(steps) == 1:
        step = steps[0]
        return f"if(between({variable},{step.start},{step.end - 1}),{step.value},{otherwise})"
    middle = len(steps) // 2
    left = piecewise(steps[:middle], variable, otherwise)
    right = piecewise(steps[middle:], variable, otherwise)
    return f"if(lt({variable},{steps[middle].start}),{left},{right})"


def number(value: Fraction) -> str:
    """A fraction that ffmpeg evaluates, exact but for its double precision."""
    if value.denominator == 1:
        return str(value.numerator) if value >= 0 else f"({value.numerator})"
    return f"({value.numerator}/{value.denominator})"
