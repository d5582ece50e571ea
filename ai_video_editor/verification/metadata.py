"""Titles, descriptions, tags and chapters stay within what YouTube takes."""

from __future__ import annotations

from ai_video_editor.context.outputs import Check
from ai_video_editor.metadata import limits
from ai_video_editor.verification.subject import Subject, check, skipped


def checks(subject: Subject) -> list[Check]:
    """One line for each field, by the rules that the texts were written under."""
    package = subject.metadata
    if package is None:
        return [skipped("metadata", "there is no metadata")]
    faults = limits.package_faults(package, subject.duration)
    longest = max(map(limits.utf16_length, package.titles), default=0)
    largest = max((len(text.encode()) for text in package.descriptions), default=0)
    fewest = limits.CHAPTERS_FEWEST
    lines = (
        ("titles", f"at most {limits.TITLE_CHARACTERS}", longest, "UTF-16 units"),
        ("descriptions", f"at most {limits.DESCRIPTION_BYTES}", largest, "bytes"),
        ("tags", f"at most {limits.TAGS_CHARACTERS}", limits.tags_length(package.tags),
         "characters"),
        ("hashtags", f"at most {limits.HASHTAGS_SHOWN}", len(package.hashtags), "hashtags"),
        ("chapters", f"none, or at least {fewest} of 10 s from 0:00", len(package.chapters),
         "chapters"),
        ("key_moments", "in the film, in its order", len(package.key_moments), "moments"),
        ("comments", f"at most {limits.COMMENT_CHARACTERS}",
         limits.utf16_length(package.pinned_comment), "UTF-16 units"),
    )  # fmt: skip
    return [
        check(
            f"metadata_{name}", expected, measured, not faults[name],
            unit=unit, reason="; ".join(faults[name]),
        )
        for name, expected, measured, unit in lines
    ]  # fmt: skip
