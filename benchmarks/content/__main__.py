"""Prints how well numbers and topics are understood, as tables, and writes them as JSON.

python -m benchmarks.content [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from ai_video_editor.content.finance import taxonomy
from benchmarks.content.evaluator import Judged, judged, phrases, score
from benchmarks.content.topics import compared, heard, starts, understood
from benchmarks.vision.report import table, verdict

EXACT = 0.97
"""Share of phrases with exact values and units."""
PHRASES = 120
CONCEPTS = 150
TOPICS = 0.8
"""F1 of topic borders in the lesson; a border more or less of six is right or a matter of taste."""


def main(arguments: list[str] | None = None) -> int:
    """Run; 0 where every target was reached, 1 where one was not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.content")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args(arguments)
    answers = judged(phrases())
    groups = numbers(answers)
    figures = totals(answers)
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"numbers": groups, "totals": figures}, indent=1)
        options.json.write_text(text + "\n", encoding="utf-8")
    return 0 if all(row["reached"] for row in figures) else 1


def numbers(answers: list[Judged]) -> list[dict[str, Any]]:
    """Every group of phrases, printed as a table, and what was read wrongly below it."""
    rows = []
    for group in dict.fromkeys(answer.phrase.group for answer in answers):
        found = score([answer for answer in answers if answer.phrase.group == group])
        rows.append(
            {
                "group": group.replace("_", " "),
                "phrases": found.phrases,
                "exact": found.exact,
                "with_period": found.with_period,
            }
        )
    head = ["numbers in", "phrases", "exact value and unit", "and period"]
    print(table(head, [[str(value) for value in row.values()] for row in rows]), end="\n\n")
    for answer in answers:
        if not answer.with_period:
            print(f"- “{answer.phrase.said}” was read as {list(answer.read)}")
    print()
    return rows


def totals(answers: list[Judged]) -> list[dict[str, Any]]:
    """The figures that have a target, printed as a table."""
    all_of_them = score(answers)
    themes = understood(heard()).themes
    topics = compared([float(theme.start) for theme in themes[1:]], starts()[1:])
    rows = [
        _row("phrases", all_of_them.phrases, PHRASES),
        _row("phrases with exact value and unit", all_of_them.share, EXACT),
        _row("concepts of money in the taxonomy", len(taxonomy()), CONCEPTS),
        _row("topic borders of a lesson of 6 min, F1", topics.f1, TOPICS),
    ]
    head = ["figure", "measured", "at least", "reached"]
    cells = [
        [row["figure"], f"{row['measured']:g}", f"{row['limit']:g}", verdict(row["reached"])]
        for row in rows
    ]
    print(table(head, cells))
    return rows


def _row(figure: str, measured: float, limit: float) -> dict[str, Any]:
    return {
        "figure": figure,
        "measured": round(measured, 3),
        "limit": limit,
        "reached": measured >= limit,
    }


if __name__ == "__main__":
    sys.exit(main())
