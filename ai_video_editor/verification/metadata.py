"""Titles, descriptions, tags and chapters stay within what YouTube takes."""

from __future__ import annotations

from ai_video_editor.context.outputs import Check
from ai_video_editor.metadata.limits import (
    CHAPTERS_FEWEST,
    DESCRIPTION_BYTES,
    TAGS_CHARACTERS,
    TITLE_CHARACTERS,
    chapters_faults,
    description_faults,
    tags_faults,
    tags_length,
    title_faults,
    utf16_length,
)
from ai_video_editor.verification.subject import Subject, check, skipped


def checks(subject: Subject) -> list[Check]:
    """One line for each field."""
    package = subject.metadata
    if package is None:
        return [skipped("metadata", "there is no metadata")]
    titles = [fault for title in package.titles for fault in title_faults(title)]
    if not package.titles:
        titles.append("there is no title")
    texts = [fault for text in package.descriptions for fault in description_faults(text)]
    tags = tags_faults(package.tags)
    chapters = chapters_faults(package.chapters, subject.duration)
    return [
        check(
            "metadata_titles", f"at most {TITLE_CHARACTERS}",
            max((utf16_length(title) for title in package.titles), default=0), not titles,
            unit="UTF-16 units", reason="; ".join(titles),
        ),
        check(
            "metadata_descriptions", f"at most {DESCRIPTION_BYTES}",
            max((len(text.encode()) for text in package.descriptions), default=0), not texts,
            unit="bytes", reason="; ".join(texts),
        ),
        check(
            "metadata_tags", f"at most {TAGS_CHARACTERS}", tags_length(package.tags), not tags,
            unit="characters", reason="; ".join(tags),
        ),
        check(
            "metadata_chapters", f"none, or at least {CHAPTERS_FEWEST} of 10 s from 0:00",
            len(package.chapters), not chapters, unit="chapters", reason="; ".join(chapters),
        ),
    ]  # fmt: skip
