"""Figures as a table: what was measured, what was asked for, whether it was reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Attributes:
        name: what was measured.
        measured: with its unit.
        target: what was asked for; empty where nothing was.
        reached: None where there is no target.
        note: on what, how.
    """

    name: str
    measured: str
    target: str = ""
    reached: bool | None = None
    note: str = ""


def at_most(
    name: str, value: float, limit: float, unit: str, note: str = "", digits: int = 1
) -> Figure:
    """A figure that must not be larger than a limit."""
    return Figure(
        name,
        f"{value:.{digits}f}{unit}",
        f"≤ {limit:.{digits}f}{unit}",
        round(value, digits + 2) <= limit,
        note,
    )


def at_least(
    name: str, value: float, limit: float, unit: str = "", note: str = "", digits: int = 3
) -> Figure:
    """A figure that must not be smaller than a limit."""
    return Figure(
        name, f"{value:.{digits}f}{unit}", f"≥ {limit:.{digits}f}{unit}", value >= limit, note
    )


def exactly(name: str, value: int, wanted: int, note: str = "") -> Figure:
    """A count that must be one number."""
    return Figure(name, str(value), str(wanted), value == wanted, note)


def markdown(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    marks = {True: "yes", False: "NO", None: ""}
    rows = [("figure", "measured", "target", "reached", "on what"), ("---",) * 5]
    rows += [(f.name, f.measured, f.target, marks[f.reached], f.note) for f in figures]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def as_json(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    """The figures as plain values."""
    return [asdict(figure) for figure in figures]
