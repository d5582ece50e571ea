"""A `plan.json` that a person may have edited: read, held against the media, told what is wrong.

Every complaint names the file and the line.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from pydantic import ValidationError

from ai_video_editor.context.base import SourceSpan
from ai_video_editor.context.plan import PLAN_SCHEMA_VERSION, AIDirectorPlan, Kept
from ai_video_editor.errors import InputError
from ai_video_editor.intelligence.json_lines import LocatedJSON, Place, located
from ai_video_editor.intelligence.plan_operations import kept_from_decisions, on_the_grid
from ai_video_editor.timebase import FrameRate

LARGEST = 64 * 1024 * 1024
"""Bytes; the plan of a ten-hour recording has about 5 MB."""

SPEEDS = (0.25, 4.0)
"""Speeds outside this range make speech that nobody understands."""

_MOST_TOLD = 3


@dataclass(frozen=True)
class PlanFile:
    """A plan as it stands in a file, with the lines of its values.

    Attributes:
        path: the file.
        plan: what it says.
    """

    path: Path
    plan: AIDirectorPlan
    _json: LocatedJSON

    def complaint(self, place: Place, what: str) -> str:
        """One sentence about one place of the file."""
        return f"{self.path}, line {self._json.line(place)}: {what}"

    @property
    def drifted(self) -> bool:
        """Whether `kept` is not what the decisions leave: somebody edited one of the two."""
        return kept_from_decisions(self.plan).kept != on_the_grid(self.plan).kept


def read_plan_file(path: Path) -> PlanFile:
    """A plan from a file, checked in itself; whether it fits the media, `fitting` tells.

    Raises:
        InputError: it cannot be read, is no plan, or contradicts itself; names the line.
    """
    document = _document(path)
    if not isinstance(document.value, dict):
        raise InputError(f"{path} is not a plan: a JSON object was expected.")
    version = document.value.get("schema_version")
    if version != PLAN_SCHEMA_VERSION:
        raise InputError(
            f"{path}, line {document.line(('schema_version',))}: this is a plan of version "
            f"{version!r}, and this program reads version {PLAN_SCHEMA_VERSION}: make the plan "
            "anew with --review."
        )
    try:
        plan = AIDirectorPlan.model_validate_json(json.dumps(document.value))
    except ValidationError as error:
        raise InputError(_unfit(path, document, error)) from error
    file = PlanFile(path, plan, document)
    complaints = list(_contradictions(file))
    if complaints:
        raise InputError(_told(complaints))
    return file


def plan_as_file(plan: AIDirectorPlan, name: str) -> PlanFile:
    """A plan that lies in no file, checked as one that does.

    Args:
        plan: the plan.
        name: stands for the file in complaints.

    Raises:
        InputError: it contradicts itself; names the line that it would have.
    """
    file = PlanFile(Path(name), plan, located(plan.model_dump_json(indent=1)))
    complaints = list(_contradictions(file))
    if complaints:
        raise InputError(_told(complaints))
    return file


def _document(path: Path) -> LocatedJSON:
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(f"{path} is too large for a plan: over {LARGEST // 2**20} MB.")
        return located(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise InputError(f"The plan {path} cannot be read: {reason}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not a plan: it is not UTF-8 text.") from error
    except json.JSONDecodeError as error:
        raise InputError(
            f"{path}, line {error.lineno}: not JSON here ({error.msg.lower()}); "
            "mend the comma, bracket or quote there."
        ) from error
    except RecursionError as error:
        raise InputError(f"{path} is not a plan: it is nested too deep.") from error


def _unfit(path: Path, document: LocatedJSON, error: ValidationError) -> str:
    complaints = []
    for found in error.errors():
        place = tuple(found["loc"])
        name = ".".join(str(part) for part in place)
        complaints.append(f"{path}, line {document.line(place)}: {name}: {found['msg'].lower()}.")
    return _told(complaints)


def _told(complaints: Sequence[str]) -> str:
    more = len(complaints) - _MOST_TOLD
    told = " ".join(complaints[:_MOST_TOLD])
    return f"{told} And {more} more." if more > 0 else told


def fitting(file: PlanFile, hashes: Sequence[str]) -> AIDirectorPlan:
    """The plan on the frame grid, after making sure that it is about these recordings.

    Args:
        file: the plan.
        hashes: SHA-256 of every input, in film order.

    Raises:
        InputError: other recordings, or a recording that has changed since.
    """
    wanted = file.plan.inputs
    if len(hashes) != len(wanted):
        raise InputError(
            file.complaint(
                ("inputs",), f"the plan is about {len(wanted)} inputs, {len(hashes)} were given."
            )
        )
    for index, (source, sha256) in enumerate(zip(wanted, hashes, strict=True)):
        if source.sha256 != sha256:
            name = Path(source.path).name
            raise InputError(
                file.complaint(
                    ("inputs", index),
                    f"the plan was made for another {name}: the recording has changed since. "
                    "Give the original, or make the plan anew with --review.",
                )
            )
    plan = on_the_grid(file.plan)
    if not file.drifted:
        return plan
    note = (
        "The plan's kept ranges are not what its decisions leave; the film follows the kept ranges."
    )
    return plan.model_copy(update={"warnings": tuple(dict.fromkeys([*plan.warnings, note]))})


def _contradictions(file: PlanFile) -> Iterator[str]:
    yield from _inputs(file)
    yield from _kept(file)
    yield from _decisions(file)
    plan = file.plan
    for index, chapter in enumerate(plan.chapters):
        place: Place = ("chapters", index)
        if chapter.input >= len(plan.inputs):
            yield file.complaint(place, f"there is no input {chapter.input}.")
        elif not 0 <= chapter.start <= plan.inputs[chapter.input].duration:
            yield file.complaint(place, "the chapter begins outside its recording.")
        if not chapter.title.strip():
            yield file.complaint(place, "the chapter has no title.")
    for index, opportunity in enumerate(plan.broll):
        yield from _span(file, ("broll", index), opportunity)
    for index, short in enumerate(plan.shorts):
        for number, span in enumerate(short.spans):
            yield from _span(file, ("shorts", index, "spans", number), span)


def _inputs(file: PlanFile) -> Iterator[str]:
    plan = file.plan
    if not plan.inputs:
        yield file.complaint(("inputs",), "the plan names no recording.")
    rates: list[tuple[Place, str]] = [(("film_frame_rate",), plan.film_frame_rate)]
    rates += [(("inputs", i, "frame_rate"), s.frame_rate) for i, s in enumerate(plan.inputs)]
    for place, text in rates:
        try:
            FrameRate.parse(text)
        except (ValueError, ArithmeticError, InputError):
            yield file.complaint(place, f"{text!r} is not a frame rate such as 30000/1001.")


def _kept(file: PlanFile) -> Iterator[str]:
    plan = file.plan
    if not plan.kept:
        yield file.complaint(("kept",), "nothing is kept: a film needs at least one range.")
    for index, kept in enumerate(plan.kept):
        place: Place = ("kept", index)
        yield from _span(file, place, kept)
        if not SPEEDS[0] <= kept.speed <= SPEEDS[1]:
            yield file.complaint(
                (*place, "speed"), f"a speed of {kept.speed:g} is not between 0.25 and 4."
            )


def _decisions(file: PlanFile) -> Iterator[str]:
    seen: set[str] = set()
    for index, decision in enumerate(file.plan.decisions):
        place: Place = ("decisions", index)
        yield from _span(file, place, decision, empty=decision.decision_type == "transition")
        if decision.decision_id in seen:
            yield file.complaint(place, f"a second decision is called {decision.decision_id!r}.")
        seen.add(decision.decision_id)
        for name, fits, what in _PARAMETERS:
            value = decision.parameters.get(name)
            if value is not None and not (isinstance(value, int | float) and fits(float(value))):
                yield file.complaint(
                    (*place, "parameters", name), f"{name} is {value!r}, which is not {what}."
                )


_PARAMETERS: tuple[tuple[str, Callable[[float], bool], str], ...] = (
    ("scale", lambda value: 1 <= value <= 2, "between 1 and 2"),
    ("factor", lambda value: SPEEDS[0] <= value <= SPEEDS[1], "between 0.25 and 4"),
    ("duration", lambda value: 0 <= value <= 10, "between 0 and 10 seconds"),
    ("center_x", lambda value: 0 <= value <= 1, "between 0 and 1"),
    ("center_y", lambda value: 0 <= value <= 1, "between 0 and 1"),
)


def _span(
    file: PlanFile,
    place: Place,
    span: SourceSpan | Kept,
    *,
    empty: bool = False,
) -> Iterator[str]:
    plan = file.plan
    if span.input >= len(plan.inputs):
        yield file.complaint(place, f"there is no input {span.input}.")
        return
    source = plan.inputs[span.input]
    if span.start < 0:
        yield file.complaint(place, "the range begins before the recording.")
    if span.end < span.start or (span.end == span.start and not empty):
        yield file.complaint(place, "the range ends before it begins.")
    if span.end > source.duration + _ROUNDING:
        yield file.complaint(
            place,
            f"the range ends at {float(span.end):.3f} s, after the end of "
            f"{Path(source.path).name} at {float(source.duration):.3f} s.",
        )


_ROUNDING = Fraction(1, 10)
"""A last frame may be shown a little longer than its container says, seconds."""
