"""A rule-made plan with the parts of a judged patch that hold."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ai_video_editor.context.plan import (
    AIDirectorPlan,
    EditingDecision,
    Hook,
    MetadataCopy,
    MetadataStrategy,
    PlanChapter,
    ThumbnailConcept,
)
from ai_video_editor.intelligence.director.guard import within_share, without_flicker
from ai_video_editor.intelligence.director.judgement import CHAPTER_SECONDS, Judgement
from ai_video_editor.intelligence.director.lower_thirds import lower_thirds
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.rules import complete
from ai_video_editor.intelligence.plan_operations import REMOVING, merge_cuts, quantise
from ai_video_editor.language import wording
from ai_video_editor.timebase import TimeMap, source_time

_MOST_HOOKS = 8
_MOST_KEYWORDS = 8
_MOST_WARNINGS = 10
_FEWEST_CHAPTERS = 3


def improved(
    base: AIDirectorPlan,
    found: Judgement,
    material: Material,
    max_removed_share: float,
    *,
    notes: Sequence[str] = (),
) -> AIDirectorPlan:
    """The plan with what holds; all else stays the rules' and is named in the warnings.

    Args:
        base: the rules' plan.
        found: the judged patch.
        material: the recording.
        max_removed_share: largest share of the recording that may be cut, 0 to 1.
        notes: what else the user should know.
    """
    lost: list[str] = []
    plan = _with_cuts(base, found, material, max_removed_share, lost)
    shown = {(b.input, b.start, b.content_type) for b in base.broll
             if b.opportunity_id in found.dropped_graphics}  # fmt: skip
    concepts = tuple(_with_promise(c, found) for c in plan.thumbnail_concepts)
    chapters = _chapters(plan, found, lost)
    broll = [b for b in plan.broll if (b.input, b.start, b.content_type) not in shown]
    if chapters != plan.chapters:
        broll = [b for b in broll if b.data.kind not in ("lower_third", "topic")]
        broll += lower_thirds(material, chapters, plan.time_map(), broll)
    return plan.model_copy(
        update={
            "director": "gemini",
            "broll": tuple(broll),
            "hooks": tuple(_unlike([*found.hooks, *plan.hooks])),
            "chapters": chapters,
            "thumbnail_concepts": concepts,
            "metadata_strategy": _strategy(plan.metadata_strategy, found),
            "metadata_copy": MetadataCopy(
                titles=found.titles, promises=tuple(p.texts for p in found.promises)
            ),
            "warnings": (*plan.warnings, *notes, *_warnings(found, lost)),
        }
    )


def _with_cuts(
    base: AIDirectorPlan,
    found: Judgement,
    material: Material,
    max_removed_share: float,
    lost: list[str],
) -> AIDirectorPlan:
    removals = [
        d
        for d in base.decisions
        if d.decision_type in REMOVING and d.decision_id not in found.dropped_decisions
    ]
    added = [cut for proposal in found.cuts if (cut := _on_frames(proposal, material)) is not None]
    if not added and not found.dropped_decisions:
        return base
    kept = [d for d in removals if not any(_inside(d, cut) for cut in added)]
    cuts = without_flicker(merge_cuts([*kept, *added]), material)
    cuts, warnings = within_share(cuts, material.duration, max_removed_share)
    for cut in added:
        if not any(_inside(cut, d) for d in cuts):
            words = wording.clipped(str(cut.parameters["text"]), 60)
            lost.append(f"cuts: {words!r}: too much would be cut, or too short a piece be left")
    own = [w for w in base.warnings if w.endswith("to allow them.")]
    return complete(material, cuts, list(dict.fromkeys([*own, *warnings])))


def _on_frames(cut: EditingDecision, material: Material) -> EditingDecision | None:
    span = quantise(cut.range, material.rate)
    return None if span is None else cut.model_copy(update={"start": span.start, "end": span.end})


def _inside(one: EditingDecision, other: EditingDecision) -> bool:
    return one.input == other.input and other.start <= one.start and one.end <= other.end


def _with_promise(concept: ThumbnailConcept, found: Judgement) -> ThumbnailConcept:
    promise = next((p for p in found.promises if p.strategy == concept.strategy), None)
    if promise is None:
        return concept
    others = [t for t in (concept.hook_text, *concept.alternatives) if t != promise.hook_text]
    return concept.model_copy(
        update={
            "title_idea": promise.title,
            "hook_text": promise.hook_text,
            "alternatives": tuple(dict.fromkeys(others)),
        }
    )


def _unlike(hooks: Sequence[Hook]) -> list[Hook]:
    kept: list[Hook] = []
    for hook in hooks:
        if all(wording.overlap(hook.text, other.text) < 0.8 for other in kept):
            kept.append(hook)
    return kept[:_MOST_HOOKS]


def _chapters(plan: AIDirectorPlan, found: Judgement, lost: list[str]) -> tuple[PlanChapter, ...]:
    """The model's chapters where enough of them hold on the film as it is now, else the rules'."""
    good = _apart(found.chapters, plan.time_map())
    if len(good) < min(_FEWEST_CHAPTERS, max(1, len(plan.chapters))):
        if found.chapters:
            lost.append("chapters: too few of them hold")
        return plan.chapters
    first = plan.chapters[0] if plan.chapters else good[0]
    opening = good[0].model_copy(update={"input": first.input, "start": source_time(0)})
    return (opening, *good[1:])


def _apart(chapters: Sequence[PlanChapter], time_map: TimeMap) -> list[PlanChapter]:
    kept: list[PlanChapter] = []
    last: Fraction | None = None
    for chapter in chapters:
        shown = time_map.next_film(chapter.input, chapter.start)
        if shown is not None and (last is None or shown - last >= CHAPTER_SECONDS):
            kept.append(chapter)
            last = shown if kept[1:] else Fraction(0)
    return kept


def _strategy(base: MetadataStrategy, found: Judgement) -> MetadataStrategy:
    keywords = dict.fromkeys([*found.keywords, *base.primary_keywords])
    return base.model_copy(
        update={
            "primary_keywords": tuple(keywords)[:_MOST_KEYWORDS],
            "target_audience": found.target_audience or base.target_audience,
            "description_approach": found.description_approach or base.description_approach,
        }
    )


def _warnings(found: Judgement, lost: Sequence[str]) -> list[str]:
    """What of the model's answer was left out, in words; the rules' stays in its place."""
    all_of_it = [*map(str, found.faults), *lost]
    told = [f"Left out of Gemini's answer, the rules' stays: {w}." for w in all_of_it]
    if len(told) > _MOST_WARNINGS:
        rest = len(told) - _MOST_WARNINGS
        return [*told[:_MOST_WARNINGS], f"{rest} more entries of Gemini's answer were left out."]
    return told
