"""The clips of a plan: found by the director, or taken as a person left them in `plan.json`."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ai_video_editor.context.base import SourceSpan
from ai_video_editor.context.plan import AIDirectorPlan, Kept, PlannedShort, ShortsPlan
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.shorts import SHORTEST, Short, find_shorts, short_plan
from ai_video_editor.language.transcript import punctuated
from ai_video_editor.timebase import SourceTime, TimeRange, film_time


def plan_shorts(material: Material, plan: AIDirectorPlan, count: int) -> ShortsPlan:
    """The best clips of a film, best first, and why there are no more than these.

    A plan that names clips already is followed: its first ones are taken, at most `count`.

    Args:
        material: what is known of the recording.
        plan: the edit.
        count: how many are wanted.
    """
    if plan.shorts:
        given = [fresh for short in plan.shorts[:count] if (fresh := _fitted(plan, short))]
        lost = len(plan.shorts[:count]) - len(given)
        notes = [f"{_counted(len(given), count)} the plan names no more."] * (len(given) < count)
        notes += ["A clip of the plan is left out: nothing of it is in the film."] * bool(lost)
        return ShortsPlan(shorts=tuple(given), notes=tuple(notes))
    found = [_planned(short, n) for n, short in enumerate(find_shorts(material, plan, count), 1)]
    if len(found) == count:
        return ShortsPlan(shorts=tuple(found))
    return ShortsPlan(shorts=tuple(found), notes=(_why_fewer(material, plan, len(found), count),))


def short_of(plan: AIDirectorPlan, planned: PlannedShort) -> Short | None:
    """A clip as the plan's kept ranges leave it; None where they leave nothing."""
    ranges = tuple(_kept_within(plan, planned.spans))
    if not ranges:
        return None
    time_map = plan.time_map()
    start = time_map.to_film(ranges[0].input, ranges[0].start) or film_time(0)
    length = sum(
        ((k.end - k.start) / Fraction(k.speed).limit_denominator(1000) for k in ranges),
        Fraction(0),
    )
    return Short(
        planned.title, start, film_time(start + length), ranges, planned.score, planned.reasons
    )


def short_plans(plan: AIDirectorPlan, chosen: ShortsPlan | None) -> list[AIDirectorPlan]:
    """The edit of each clip that was chosen, in their order."""
    cuts = [short_of(plan, planned) for planned in (chosen.shorts if chosen else ())]
    return [short_plan(plan, cut) for cut in cuts if cut is not None]


def _planned(short: Short, number: int) -> PlannedShort:
    spans: dict[int, SourceSpan] = {}
    for part in short.ranges:
        before = spans.get(part.input)
        spans[part.input] = SourceSpan(
            input=part.input,
            start=min(part.start, before.start) if before else part.start,
            end=max(part.end, before.end) if before else part.end,
        )
    return PlannedShort(
        short_id=f"short-{number}",
        title=short.title,
        reasons=short.reasons,
        score=short.score,
        start=short.start,
        end=short.end,
        spans=tuple(spans.values()),
    )


def _fitted(plan: AIDirectorPlan, planned: PlannedShort) -> PlannedShort | None:
    """A clip with its times in the film as the plan is now."""
    short = short_of(plan, planned)
    if short is None:
        return None
    return planned.model_copy(update={"start": short.start, "end": short.end})


def _kept_within(plan: AIDirectorPlan, spans: Sequence[SourceSpan]) -> list[Kept]:
    found = []
    for kept in plan.kept:
        for span in spans:
            here = TimeRange[SourceTime](kept.start, kept.end).intersection(span.range)
            if kept.input == span.input and here is not None:
                found.append(kept.model_copy(update={"start": here.start, "end": here.end}))
    return found


def _why_fewer(material: Material, plan: AIDirectorPlan, found: int, count: int) -> str:
    told = _counted(found, count)
    audio = material.audio
    if audio is None or not audio.words:
        return f"{told} no words are known, which a short begins and ends with."
    if not audio.printable:
        return (
            f"{told} the words are too doubtful to tell where a thought begins. A larger Whisper "
            "model (--whisper-model) or a transcript (--transcript) would help."
        )
    if plan.time_map().duration < SHORTEST:
        return f"{told} the film is shorter than {SHORTEST} s."
    more = "" if punctuated(audio) else " A transcript with full stops would tell more of them."
    return f"{told} no other passage of {SHORTEST} s and more stands on its own.{more}"


def _counted(found: int, count: int) -> str:
    one = "short that was" if count == 1 else "shorts that were"
    return (
        f"{found or 'None'} of the {count} {one} asked for:"
        if count > 1
        else (f"The {one} asked for is not there:")
    )
