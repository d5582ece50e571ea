"""YouTube's limits and the checks for them.

Sources: developers.google.com/youtube/v3/docs/videos (title, description, tags), support.google.com
pages on chapters, hashtags and Test & Compare.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from ai_video_editor.context.outputs import FilmChapter, KeyMoment, MetadataPackage

TITLE_CHARACTERS = 100
"""UTF-16 units, as the upload form counts: an emoji costs two."""

TITLE_SHOWN = 60
"""Characters that search shows at least."""

DESCRIPTION_BYTES = 5000
"""Of UTF-8."""

DESCRIPTION_SHOWN = 120
"""Characters shown under a result."""

TAGS_CHARACTERS = 500
"""All tags; separating commas count, and a tag with a space costs two more for its quotes."""

HASHTAGS_SHOWN = 3
HASHTAGS_MOST = 15
"""With more, all are ignored."""

CHAPTERS_FEWEST = 3
CHAPTER_SECONDS = Fraction(10)
CHAPTER_TITLE_SHOWN = 49
COMMENT_CHARACTERS = 10_000
"""UTF-16 units of a comment."""

TEST_AND_COMPARE = 3
"""Thumbnails, and titles, that can be tested against each other."""

_FORBIDDEN = re.compile(r"[<>]")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
"""Not the emoji joiner's neighbours: a family of emoji falls apart rather than hide a text."""

_TAG = re.compile(r"(?:^|\s)#\w")
_HASHTAG = re.compile(r"^#\w+$")


def utf16_length(text: str) -> int:
    """Length as the upload form counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """A text without what YouTube refuses or what could reorder or hide parts of it."""
    whole = text.encode("utf-8", "ignore").decode("utf-8")
    return _CONTROL.sub("", _FORBIDDEN.sub("", whole))


def clean_line(text: str) -> str:
    """The same on one line."""
    return " ".join(clean(text).split())


def fit_title(text: str) -> str:
    """A title within the limit, shortened at a word."""
    text = clean_line(text)
    if utf16_length(text) <= TITLE_CHARACTERS:
        return text
    words = text.split(" ")
    while len(words) > 1 and utf16_length(" ".join(words)) > TITLE_CHARACTERS:
        words.pop()
    shorter = " ".join(words).rstrip(" ,;:-")
    while utf16_length(shorter) > TITLE_CHARACTERS:
        shorter = shorter[:-1]
    return shorter


def fit_description(text: str) -> str:
    """A description within the limit, shortened by whole paragraphs, then lines, then words."""
    text = clean(text).strip()
    for mark in ("\n\n", "\n", " "):
        while len(text.encode()) > DESCRIPTION_BYTES and mark in text:
            text = text[: text.rfind(mark)].rstrip()
    return text.encode()[:DESCRIPTION_BYTES].decode("utf-8", "ignore")


def tags_length(tags: Sequence[str]) -> int:
    """Length of all tags as YouTube counts it."""
    quotes = sum(2 for tag in tags if " " in tag)
    return sum(utf16_length(tag) for tag in tags) + max(0, len(tags) - 1) + quotes


def fit_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """The first tags that fit together; no commas, no doubles."""
    chosen: list[str] = []
    for tag in tags:
        one = clean_line(tag).replace(",", " ").replace('"', "").strip().lower()
        one = " ".join(one.split())
        if one and one not in chosen and tags_length([*chosen, one]) <= TAGS_CHARACTERS:
            chosen.append(one)
    return tuple(chosen)


def title_faults(title: str) -> list[str]:
    """What YouTube would refuse in a title, in words; empty for a good one."""
    faults = []
    if not title.strip():
        faults.append("the title is empty")
    if utf16_length(title) > TITLE_CHARACTERS:
        faults.append(f"the title has {utf16_length(title)} characters, {TITLE_CHARACTERS} allowed")
    if _FORBIDDEN.search(title):
        faults.append("the title contains < or >")
    if _CONTROL.search(title) or "\n" in title:
        faults.append("the title contains characters that cannot be seen")
    return faults


def description_faults(description: str) -> list[str]:
    """What YouTube would refuse in a description, in words; empty for a good one."""
    faults = []
    size = len(description.encode())
    if size > DESCRIPTION_BYTES:
        faults.append(f"the description has {size} bytes, {DESCRIPTION_BYTES} allowed")
    if _FORBIDDEN.search(description):
        faults.append("the description contains < or >")
    if _CONTROL.search(description):
        faults.append("the description contains characters that cannot be seen")
    if len(_TAG.findall(description)) > HASHTAGS_MOST:
        faults.append(f"more than {HASHTAGS_MOST} hashtags: all would be ignored")
    return faults


def tags_faults(tags: Sequence[str]) -> list[str]:
    """What YouTube would refuse in the tags, in words; empty for good ones."""
    faults = []
    if tags_length(tags) > TAGS_CHARACTERS:
        faults.append(f"the tags have {tags_length(tags)} characters, {TAGS_CHARACTERS} allowed")
    if any(_FORBIDDEN.search(tag) or "," in tag for tag in tags):
        faults.append("a tag contains <, > or a comma")
    if any(not tag.strip() or _CONTROL.search(tag) for tag in tags):
        faults.append("a tag is empty or contains characters that cannot be seen")
    if len({tag.lower() for tag in tags}) < len(tags):
        faults.append("a tag stands twice")
    return faults


def hashtags_faults(hashtags: Sequence[str]) -> list[str]:
    """What YouTube would not show of the hashtags, in words; empty for good ones."""
    faults = []
    if len(hashtags) > HASHTAGS_SHOWN:
        faults.append(f"{len(hashtags)} hashtags, {HASHTAGS_SHOWN} are shown")
    faults += [f"{tag!r} is no hashtag" for tag in hashtags if not _HASHTAG.match(tag)]
    return faults


def comment_faults(comment: str) -> list[str]:
    """What YouTube would refuse in a comment, in words; empty for a good one, or for none."""
    faults = []
    if utf16_length(comment) > COMMENT_CHARACTERS:
        faults.append(
            f"the comment has {utf16_length(comment)} characters, {COMMENT_CHARACTERS} allowed"
        )
    if _FORBIDDEN.search(comment) or _CONTROL.search(comment):
        faults.append("the comment contains <, > or characters that cannot be seen")
    return faults


def moments_faults(moments: Sequence[KeyMoment], duration: Fraction) -> list[str]:
    """Key moments that are not in the film, or not in order, in words."""
    starts = [moment.start for moment in moments]
    faults = []
    if starts != sorted(starts):
        faults.append("the key moments are not in the film's order")
    faults += [
        f"the key moment {m.title!r} is not in the film"
        for m in moments
        if not 0 <= m.start < duration
    ]
    faults += [fault for m in moments for fault in title_faults(m.title)]
    return faults


def package_faults(package: MetadataPackage, duration: Fraction) -> dict[str, list[str]]:
    """Every rule on every text: name of the field to what is wrong with it, in words.

    Args:
        package: what is to be published.
        duration: seconds of the film.
    """
    titles = [fault for title in package.titles for fault in title_faults(title)]
    if not package.titles:
        titles.append("there is no title")
    found = {
        "titles": titles,
        "descriptions": [f for text in package.descriptions for f in description_faults(text)],
        "tags": tags_faults(package.tags),
        "hashtags": hashtags_faults(package.hashtags),
        "chapters": chapters_faults(package.chapters, duration),
        "key_moments": moments_faults(package.key_moments, duration),
        "comments": comment_faults(package.pinned_comment)
        + [f for v in package.variations for f in comment_faults(v.pinned_comment)],
    }
    return found


def chapters_faults(chapters: Sequence[FilmChapter], duration: Fraction) -> list[str]:
    """Why YouTube would show no chapters, in words; empty for good ones."""
    if not chapters:
        return []
    faults = []
    if chapters[0].start != 0:
        faults.append("the first chapter does not begin at 0:00")
    if len(chapters) < CHAPTERS_FEWEST:
        faults.append(f"{len(chapters)} chapters, at least {CHAPTERS_FEWEST} needed")
    faults += [fault for c in chapters for fault in title_faults(c.title)]
    ends = [*(c.start for c in chapters[1:]), duration]
    for chapter, end in zip(chapters, ends, strict=True):
        # YouTube sees whole seconds.
        if int(end) - int(chapter.start) < CHAPTER_SECONDS:
            faults.append(f"the chapter {chapter.title!r} is shorter than {CHAPTER_SECONDS} s")
    return faults
