"""Figures as Markdown tables."""

from __future__ import annotations

from collections.abc import Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; upright strokes in cells are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def verdict(reached: bool | None) -> str:
    """Whether a target was reached, for a table; nothing where there is none."""
    return {True: "yes", False: "NO", None: ""}[reached]
