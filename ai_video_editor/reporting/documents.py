"""The text files of the project folder: each a pure function of the context.

Stored times are fractions of whole microseconds, so six decimals say them exactly.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from enum import Enum
from fractions import Fraction
from typing import Any

from ai_video_editor.context.base import Model
from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.context.outputs import (
    ABPair,
    DeliveredShort,
    FilmChapter,
    KeyMoment,
    MetadataPackage,
    Verification,
)
from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.errors import ContextStateError
from ai_video_editor.reporting.figures import clock, one_line, plain

_LINE = 120
"""Characters up to which an object of plain values stands on one line."""

FEWEST_CHAPTERS = 3
"""Chapters below which YouTube shows none (support.google.com/youtube, "Video chapters")."""

DESCRIPTION_BYTES = 5000
"""UTF-8 bytes that YouTube takes as a description (Data API, `videos`)."""


def plan_json(plan: AIDirectorPlan) -> str:
    """The plan for `plan.json`: one line a range or decision, times with six decimals.

    `AIDirectorPlan.model_validate_json` reads it back as an equal plan.
    """
    return _written(plan) + "\n"


def metadata_json(package: MetadataPackage, pairs: Sequence[ABPair], language: str) -> str:
    """Titles, descriptions, tags, hashtags, chapters and A/B pairs for `metadata.json`.

    Args:
        package: what the metadata stage wrote.
        pairs: thumbnails joined with titles.
        language: ISO 639-1 code of the words, "und" where it is not known.
    """
    data = {
        "schema_version": 1,
        "language": language,
        "titles": package.titles,
        "descriptions": package.descriptions,
        "tags": package.tags,
        "hashtags": package.hashtags,
        "chapters": package.chapters,
        "ab_pairs": pairs,
        "key_moments": package.key_moments,
        "pinned_comment": package.pinned_comment,
        "disclaimer": package.disclaimer,
        "title_strategies": package.title_strategies,
        "variations": package.variations,
        "method": package.method,
        "notes": package.notes,
    }
    return _written(data) + "\n"


def description_txt(package: MetadataPackage) -> str:
    """The first description, ready to paste, with chapters and hashtags where it lacks them.

    What would pass 5000 bytes is left out whole.
    """
    text = plain(package.descriptions[0]).strip() if package.descriptions else ""
    chapters = chapters_txt(package.chapters).strip()
    if chapters and chapters.splitlines()[0] not in text:
        text = _appended(text, chapters)
    # YouTube shows the first three hashtags above the title.
    wanted = [one_line(tag) for tag in package.hashtags]
    missing = [tag if tag.startswith("#") else f"#{tag}" for tag in wanted if tag]
    missing = [tag for tag in missing if tag.casefold() not in text.casefold()]
    if missing:
        text = _appended(text, " ".join(missing))
    return text + "\n" if text else ""


def chapters_txt(chapters: Sequence[FilmChapter]) -> str:
    """A line a chapter, "M:SS title" or "H:MM:SS title"; empty where there are fewer than three."""
    if len(chapters) < FEWEST_CHAPTERS:
        return ""
    return "".join(f"{clock(chapter.start)} {one_line(chapter.title)}\n" for chapter in chapters)


def moments_txt(moments: Sequence[KeyMoment]) -> str:
    """A line a key moment, "M:SS what is said or seen"; for a comment or the description."""
    return "".join(f"{clock(moment.start)} {one_line(moment.title)}\n" for moment in moments)


def plan_with_shorts(context: ContentContext) -> AIDirectorPlan:
    """The plan with the clips that were chosen beside it.

    Raises:
        ContextStateError: there is no plan yet.
    """
    plan, chosen = context.ai_director_plan, context.planned_shorts
    if plan is None:
        raise ContextStateError("There is no plan yet.")
    return plan if chosen is None else plan.model_copy(update={"shorts": chosen.shorts})


def shorts_json(shorts: Sequence[DeliveredShort]) -> str:
    """The clips for `shorts.json`: title, why, where in the film and the inputs, what was measured.

    Paths are relative to the project folder.
    """
    rows = [
        {
            "id": short.planned.short_id,
            "film": short.film,
            "captions": short.captions,
            "title": short.planned.title,
            "reasons": short.planned.reasons,
            "score": short.planned.score,
            "duration": short.duration,
            "width": short.width,
            "height": short.height,
            "film_span": {"start": short.planned.start, "end": short.planned.end},
            "source_spans": short.planned.spans,
            "verification": short.verification,
        }
        for short in shorts
    ]
    return _written({"schema_version": 1, "shorts": rows}) + "\n"


def verification_json(verification: Verification) -> str:
    """What was measured on the delivered file, for `verification.json`."""
    return _written(verification) + "\n"


def _appended(text: str, block: str) -> str:
    longer = f"{text}\n\n{block}" if text else block
    return longer if len(longer.encode()) + 1 <= DESCRIPTION_BYTES else text


def _written(value: Any, indent: int = 0) -> str:
    """JSON with fractions as six decimals, and short objects on one line."""
    if isinstance(value, Model):
        value = {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(value, Mapping):
        members = [f"{_scalar(str(key))}: {_written(v, indent + 1)}" for key, v in value.items()]
        return _bracketed("{", members, "}", indent, flat=not any(map(_nested, value.values())))
    if isinstance(value, list | tuple):
        members = [_written(item, indent + 1) for item in value]
        return _bracketed("[", members, "]", indent, flat=not any(map(_nested, value)))
    return _scalar(value)


def _nested(value: Any) -> bool:
    return isinstance(value, Model | Mapping | list | tuple) and value not in ({}, [], ())


def _bracketed(left: str, members: Sequence[str], right: str, indent: int, *, flat: bool) -> str:
    one_line_form = f"{left}{', '.join(members)}{right}"
    if not members or (flat and len(one_line_form) <= _LINE):
        return one_line_form
    pad = " " * (indent + 1)
    return f"{left}\n{pad}" + f",\n{pad}".join(members) + f"\n{' ' * indent}{right}"


def _scalar(value: Any) -> str:
    if isinstance(value, Fraction):
        return f"{float(value):.6f}"
    if isinstance(value, Enum):
        return _scalar(value.value)
    if isinstance(value, float) and not math.isfinite(value):
        return "null"
    return json.dumps(value, ensure_ascii=False)
