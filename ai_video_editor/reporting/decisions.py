"""The list of decisions with their reasons, grouped by what they do."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.context.plan import EditingDecision
from ai_video_editor.reporting.edit import KINDS, Edit, kind_of, removes
from ai_video_editor.reporting.figures import clock, counted, length, one_line, percent

_OTHER_TYPES = {
    "transition": ("transition", "transitions"),
    "zoom": ("punch-in", "punch-ins"),
    "speed": ("change of speed", "changes of speed"),
    "emphasis": ("emphasis", "emphases"),
    "caption_emphasis": ("emphasised caption", "emphasised captions"),
}

_OPEN = 5
"""Rows up to which a group is shown opened."""

_DECIDERS = {"rules": "rules", "gemini": "Gemini", "user": "you"}


@dataclass(frozen=True)
class Row:
    """One decision, ready to show."""

    decision_id: str
    clock: str
    time: str
    length: str
    text: str
    rationale: str
    confidence: str
    decided_by: str
    locked: bool
    reverted: bool


@dataclass(frozen=True)
class Group:
    """Decisions of one kind.

    Attributes:
        kind: kind of cut, or type of decision.
        title: with the count of those in force, such as "12 fillers removed".
        total: seconds they take out and how many were taken back, in words; may be empty.
        rows: in the order of the inputs.
        opened: whether few enough to be shown at once.
    """

    kind: str
    title: str
    total: str
    rows: tuple[Row, ...]
    opened: bool


def groups_of(context: ContentContext, edit: Edit | None) -> list[Group]:
    """All decisions of the plan, cuts first."""
    plan = context.ai_director_plan
    if plan is None:
        return []
    found: dict[str, list[EditingDecision]] = {}
    for decision in plan.decisions:
        cut = removes(decision.model_copy(update={"reverted": False}))
        kind = kind_of(decision) if cut else decision.decision_type
        found.setdefault(kind, []).append(decision)
    several = edit is not None and len(edit.sources) > 1
    names = {**KINDS, **_OTHER_TYPES}
    groups = []
    for kind, (one, many) in names.items():
        members = sorted(found.get(kind, []), key=lambda d: (d.input, d.start))
        if not members:
            continue
        taken = sum((d.end - d.start for d in members if removes(d)), Fraction(0))
        back = sum(decision.reverted for decision in members)
        told = [length(taken)] if taken else []
        told += [f"{back} taken back"] if back else []
        groups.append(
            Group(
                kind=kind,
                title=counted(len(members) - back, one, many),
                total=", ".join(told),
                rows=tuple(_row(decision, edit, several) for decision in members),
                opened=len(members) <= _OPEN,
            )
        )
    return groups


def _row(decision: EditingDecision, edit: Edit | None, several: bool) -> Row:
    moment = edit.index.film_from(decision.input, decision.start) if edit else None
    where = clock(decision.start)
    return Row(
        decision_id=one_line(decision.decision_id),
        clock=f"{decision.input + 1} · {where}" if several else where,
        time=f"{float(moment):.3f}" if moment is not None else "",
        length=length(decision.end - decision.start),
        text=one_line(str(decision.parameters.get("text", ""))),
        rationale=one_line(decision.rationale),
        confidence=percent(decision.confidence),
        decided_by=_DECIDERS.get(decision.decided_by, one_line(decision.decided_by)),
        locked=decision.locked,
        reverted=decision.reverted,
    )
