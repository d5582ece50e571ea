"""Plans in, plans out: the pure operations on an edit.

A cut lies between frames of the film's grid. Its start is rounded up and its end down, so that
rounding never takes a part of what is kept; `kept` is what all unreverted cuts leave, in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ai_video_editor.context.base import SourceSpan
from ai_video_editor.context.plan import (
    TRANSITION_STYLES,
    AIDirectorPlan,
    Alternative,
    EditingDecision,
    Kept,
)
from ai_video_editor.errors import InputError
from ai_video_editor.timebase import FrameRate, SourceTime, TimeRange, exact, merge, subtract

REMOVING = frozenset({"cut", "trim", "take"})
"""Decision types that take their range out of the film."""


def quantise(span: TimeRange[SourceTime], rate: FrameRate) -> TimeRange[SourceTime] | None:
    """A cut rounded inwards to frame borders; None where no whole frame lies inside."""
    first, last = rate.frame_from(span.start), rate.frame_at(span.end)
    if last <= first:
        return None
    return TimeRange(SourceTime(exact(rate.time_of(first))), SourceTime(exact(rate.time_of(last))))


def whole(duration: Fraction, rate: FrameRate) -> TimeRange[SourceTime]:
    """All whole frames of an input of a length in seconds; at least one."""
    last = max(1, rate.frame_at(duration))
    return TimeRange(SourceTime(Fraction(0)), SourceTime(exact(rate.time_of(last))))


def kept_ranges(
    durations: Sequence[Fraction], decisions: Iterable[EditingDecision], rate: FrameRate
) -> tuple[Kept, ...]:
    """What the unreverted cuts leave of the inputs, in film order, on the frame grid.

    A plan that would keep nothing keeps the first input whole: a film has at least one frame.
    """
    cuts: dict[int, list[TimeRange[SourceTime]]] = {}
    for decision in decisions:
        if decision.decision_type in REMOVING and not decision.reverted:
            span = quantise(decision.range, rate)
            if span is not None:
                cuts.setdefault(decision.input, []).append(span)
    kept = tuple(
        Kept(input=source, start=part.start, end=part.end)
        for source, duration in enumerate(durations)
        for part in subtract(whole(duration, rate), merge(cuts.get(source, ()), gap=_HAIR))
        if rate.nearest_frame(part.end) > rate.nearest_frame(part.start)
    )
    if kept or not durations:
        return kept
    span = whole(durations[0], rate)
    return (Kept(input=0, start=span.start, end=span.end),)


_HAIR = Fraction(2, 1_000_000)
"""Two cuts that meet at a frame border may be stored a microsecond apart."""


def kept_from_decisions(plan: AIDirectorPlan) -> AIDirectorPlan:
    """The plan with `kept` computed anew; a speed that was set for a range stays with it."""
    durations = [source.duration for source in plan.inputs]
    fresh = kept_ranges(durations, plan.decisions, plan.rate)
    speeds = [
        (d.input, d.range, float(d.parameters.get("factor", 1.0)))
        for d in plan.decisions
        if d.decision_type == "speed" and not d.reverted
    ]
    result = []
    for part in fresh:
        span = TimeRange(part.start, part.end)
        factor = next((f for i, s, f in speeds if i == part.input and s.overlaps(span)), 1.0)
        result.append(part.model_copy(update={"speed": factor}))
    return plan.model_copy(update={"kept": tuple(result)})


def on_the_grid(plan: AIDirectorPlan) -> AIDirectorPlan:
    """The plan with its kept ranges rounded to the film's frames, as the film will show them."""
    rate = plan.rate
    kept = []
    for part in plan.kept:
        first, last = rate.nearest_frame(part.start), rate.nearest_frame(part.end)
        if last > first:
            times = (SourceTime(exact(rate.time_of(frame))) for frame in (first, last))
            kept.append(part.model_copy(update=dict(zip(("start", "end"), times, strict=True))))
    return plan.model_copy(update={"kept": tuple(kept)})


def merge_cuts(decisions: Sequence[EditingDecision]) -> list[EditingDecision]:
    """Decisions in order, with overlapping removals of one input made one.

    The joined decision keeps the lower confidence and both reasons.
    """
    removals = sorted(
        (d for d in decisions if d.decision_type in REMOVING), key=lambda d: (d.input, d.start)
    )
    merged: list[EditingDecision] = []
    for current in removals:
        last = merged[-1] if merged else None
        if last and last.input == current.input and current.start < last.end:
            reasons = dict.fromkeys([last.rationale, current.rationale])
            merged[-1] = last.model_copy(
                update={
                    "end": max(last.end, current.end),
                    "rationale": " ".join(reasons),
                    "confidence": min(last.confidence, current.confidence),
                    "locked": last.locked or current.locked,
                }
            )
        else:
            merged.append(current)
    others = [d for d in decisions if d.decision_type not in REMOVING]
    return sorted([*merged, *others], key=lambda d: (d.input, d.start, d.end))


def numbered(decisions: Iterable[EditingDecision]) -> list[EditingDecision]:
    """The same decisions with ids by type, counted in order: cut-001, zoom-001."""
    counts: dict[str, int] = {}
    result = []
    for decision in decisions:
        kind = decision.decision_type.replace("_", "-")
        counts[kind] = counts.get(kind, 0) + 1
        name = f"{kind}-{counts[kind]:03d}"
        result.append(decision.model_copy(update={"decision_id": name}))
    return result


def normalise(plan: AIDirectorPlan) -> AIDirectorPlan:
    """The plan in its one form: decisions in order, removals joined, `kept` computed from them."""
    active = [d for d in plan.decisions if not d.reverted]
    idle = [d for d in plan.decisions if d.reverted]
    ordered = sorted([*merge_cuts(active), *idle], key=lambda d: (d.input, d.start, d.end))
    return kept_from_decisions(plan.model_copy(update={"decisions": tuple(ordered)}))


def revert(plan: AIDirectorPlan, decision_id: str) -> AIDirectorPlan:
    """The plan without one decision; it stays listed as reverted.

    Raises:
        InputError: there is no such decision, or it is locked.
    """
    if _find(plan, decision_id).locked:
        raise InputError(f"The decision {decision_id} is locked; unlock it first to revert it.")
    return kept_from_decisions(_changed(plan, decision_id, reverted=True))


def restore(plan: AIDirectorPlan, decision_id: str) -> AIDirectorPlan:
    """The plan with a reverted decision in force again.

    Raises:
        InputError: there is no such decision.
    """
    _find(plan, decision_id)
    return kept_from_decisions(_changed(plan, decision_id, reverted=False))


def lock(plan: AIDirectorPlan, decision_id: str, *, locked: bool = True) -> AIDirectorPlan:
    """The plan with one decision locked (or unlocked): no later director changes it.

    Raises:
        InputError: there is no such decision.
    """
    _find(plan, decision_id)
    return _changed(plan, decision_id, locked=locked)


def choose(plan: AIDirectorPlan, decision_id: str, number: int) -> AIDirectorPlan:
    """The plan with another alternative of a decision: another take stays instead.

    What was removed until now becomes an alternative in its turn, so the choice can be taken back.

    Args:
        plan: the plan.
        decision_id: a decision with alternatives.
        number: which one, counted from 1.

    Raises:
        InputError: there is no such decision or alternative, or the decision is locked.
    """
    decision = _find(plan, decision_id)
    if decision.locked:
        raise InputError(f"The decision {decision_id} is locked; unlock it first to change it.")
    if not 1 <= number <= len(decision.alternatives):
        count = len(decision.alternatives)
        raise InputError(f"{decision_id} has {count} alternatives; there is no number {number}.")
    parts = [d for d in plan.decisions if d.parameters.get("part_of") == decision_id]
    chosen = decision.alternatives[number - 1]
    before = Alternative(
        label="what was kept before",
        text=str(decision.parameters.get("keeps", "")),
        removes=tuple(
            SourceSpan(input=d.input, start=d.start, end=d.end) for d in (decision, *parts)
        ),
    )
    others = [a for i, a in enumerate(decision.alternatives, start=1) if i != number]
    made = [
        decision.model_copy(
            update={
                "decision_id": decision_id if not index else f"{decision_id}-{index + 1}",
                "input": span.input,
                "start": span.start,
                "end": span.end,
                "rationale": f"Chosen by hand: {chosen.label} stays.",
                "confidence": 1.0,
                "decided_by": "user",
                "reverted": False,
                "alternatives": (before, *others) if not index else (),
                "parameters": {
                    **{k: v for k, v in decision.parameters.items() if k != "part_of"},
                    "keeps": chosen.text,
                    **({"part_of": decision_id} if index else {}),
                },
            }
        )
        for index, span in enumerate(chosen.removes)
    ]
    gone = {decision_id, *(part.decision_id for part in parts)}
    rest = [d for d in plan.decisions if d.decision_id not in gone]
    ordered = sorted([*rest, *made], key=lambda d: (d.input, d.start, d.end))
    return kept_from_decisions(plan.model_copy(update={"decisions": tuple(ordered)}))


def restyle(plan: AIDirectorPlan, decision_id: str, style: str) -> AIDirectorPlan:
    """The plan with another style of a transition.

    Args:
        plan: the plan.
        decision_id: a transition of the picture.
        style: one of `TRANSITION_STYLES`.

    Raises:
        InputError: there is no such decision or style, it is no transition of the picture, or it
            is locked.
    """
    decision = _find(plan, decision_id)
    now = str(decision.parameters.get("style", "cut"))
    if decision.decision_type != "transition" or now in _SOUND_STYLES:
        raise InputError(f"{decision_id} is no transition of the picture; it has no style.")
    if style not in TRANSITION_STYLES:
        raise InputError(
            f"There is no transition {style!r}; choose one of {', '.join(TRANSITION_STYLES)}."
        )
    if decision.locked:
        raise InputError(f"The decision {decision_id} is locked; unlock it first to change it.")
    made = decision.model_copy(
        update={
            "parameters": {**decision.parameters, "style": style},
            "confidence": 1.0,
            "decided_by": "user",
            "reverted": False,
        }
    )
    rest = tuple(made if d.decision_id == decision_id else d for d in plan.decisions)
    return plan.model_copy(update={"decisions": rest})


_SOUND_STYLES = frozenset({"j_cut", "l_cut"})


def merge_plans(fresh: AIDirectorPlan, given: AIDirectorPlan) -> AIDirectorPlan:
    """A fresh plan in which everything that somebody locked in another one holds.

    A locked decision in force replaces the fresh removals it touches; a locked one that was
    reverted keeps its range in the film.
    """
    locked = [d for d in given.decisions if d.locked]
    decisions: list[EditingDecision] = []
    for decision in fresh.decisions:
        touching = [
            other
            for other in locked
            if other.input == decision.input
            and other.range.overlaps(decision.range)
            and (other.decision_type in REMOVING) == (decision.decision_type in REMOVING)
        ]
        if not touching:
            decisions.append(decision)
    ordered = sorted([*decisions, *locked], key=lambda d: (d.input, d.start, d.end))
    seen: set[str] = {d.decision_id for d in locked}
    unique = []
    for decision in ordered:
        name = decision.decision_id
        if decision not in locked:
            count = 2
            while name in seen:
                name = f"{decision.decision_id}-{count}"
                count += 1
            seen.add(name)
        unique.append(decision.model_copy(update={"decision_id": name}))
    return kept_from_decisions(fresh.model_copy(update={"decisions": tuple(unique)}))


@dataclass(frozen=True)
class PlanDifference:
    """What changed from one plan to another.

    Attributes:
        added: decisions only the second has.
        removed: decisions only the first has.
        reverted: ids in force in the first and not in the second.
        restored: ids in force in the second and not in the first.
        seconds: by how much the film became longer (negative: shorter).
        changed: names of the other fields that differ.
        restyled: ids of transitions with another style.
    """

    added: tuple[EditingDecision, ...]
    removed: tuple[EditingDecision, ...]
    reverted: tuple[str, ...]
    restored: tuple[str, ...]
    seconds: Fraction
    changed: tuple[str, ...]
    restyled: tuple[str, ...] = ()


def diff(before: AIDirectorPlan, after: AIDirectorPlan) -> PlanDifference:
    """What changed between two plans; decisions are the same when type, range and input are."""
    first = {_identity(d): d for d in before.decisions}
    second = {_identity(d): d for d in after.decisions}
    both = first.keys() & second.keys()
    turned = [(first[k], second[k]) for k in both if first[k].reverted != second[k].reverted]
    others = (
        "chapters", "broll", "hooks", "thumbnail_concepts", "metadata_strategy", "metadata_copy",
        "inputs",
    )  # fmt: skip
    return PlanDifference(
        added=tuple(d for k, d in second.items() if k not in first),
        removed=tuple(d for k, d in first.items() if k not in second),
        reverted=tuple(sorted(b.decision_id for a, b in turned if b.reverted)),
        restored=tuple(sorted(b.decision_id for a, b in turned if a.reverted)),
        seconds=after.time_map().duration - before.time_map().duration,
        changed=tuple(n for n in others if getattr(before, n) != getattr(after, n)),
        restyled=tuple(
            sorted(
                second[k].decision_id
                for k in both
                if first[k].parameters.get("style") != second[k].parameters.get("style")
            )
        ),
    )


def removed_share(plan: AIDirectorPlan) -> float:
    """Share of the recording that is not in the film, 0 to 1."""
    total = sum((source.duration for source in plan.inputs), Fraction(0))
    if not total:
        return 0.0
    kept = sum((k.end - k.start for k in plan.kept), Fraction(0))
    return float(max(Fraction(0), 1 - kept / total))


def _identity(decision: EditingDecision) -> tuple[str, int, Fraction, Fraction]:
    # Where the sound leads or lags at a cut, the picture may have a transition of its own.
    sound = decision.parameters.get("style") in _SOUND_STYLES
    kind = f"{decision.decision_type}{' of the sound' if sound else ''}"
    return kind, decision.input, decision.start, decision.end


def _find(plan: AIDirectorPlan, decision_id: str) -> EditingDecision:
    for decision in plan.decisions:
        if decision.decision_id == decision_id:
            return decision
    known = ", ".join(d.decision_id for d in plan.decisions[:8]) or "none"
    raise InputError(f"The plan has no decision {decision_id!r}; it has: {known}.")


def _changed(plan: AIDirectorPlan, decision_id: str, **update: bool) -> AIDirectorPlan:
    return plan.model_copy(
        update={
            "decisions": tuple(
                d.model_copy(update=update) if d.decision_id == decision_id else d
                for d in plan.decisions
            )
        }
    )
