"""Titles: one for each promise of the plan, and two of other kinds to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ai_video_editor.context.inputs import ContentType
from ai_video_editor.context.plan import STRATEGIES, AIDirectorPlan, Strategy
from ai_video_editor.language import wording
from ai_video_editor.language.headlines import headline
from ai_video_editor.metadata import limits
from ai_video_editor.metadata.evidence import Evidence

WANTED = 5
_LIKE = 0.75
"""Share of the longer title's words from which two are one title said twice."""

_LONGEST_IN = 1200
"""Seconds up to which a film's length in its title is an invitation."""


@dataclass(frozen=True)
class Title:
    """A title and what it tries.

    Attributes:
        text: within the limit.
        strategy: emotional, curiosity, authority, or the kind of a further one.
    """

    text: str
    strategy: str


def titles_by_strategy(plan: AIDirectorPlan) -> dict[Strategy, str]:
    """The title of each strategy, from the same concept as its thumbnail."""
    ideas: dict[Strategy, str] = {}
    for concept in plan.thumbnail_concepts:
        title = limits.fit_title(concept.title_idea)
        if title:
            ideas.setdefault(concept.strategy, title)
    return {s: ideas[s] for s in STRATEGIES if s in ideas}


def make_titles(evidence: Evidence, by_strategy: dict[Strategy, str]) -> tuple[Title, ...]:
    """Five titles where the film gives five, those of the promises first, no two alike.

    Kinds that are not there yet come before a second title of a kind.

    Args:
        evidence: its hooks, questions and names give the further ones.
        by_strategy: title of each promise.
    """
    chosen: list[Title] = []
    for strategy, text in by_strategy.items():
        if text.lower() not in {t.text.lower() for t in chosen}:
            chosen.append(Title(text, strategy))
    found = list(_further(evidence))
    for again in (False, True):
        for candidate in found:
            if len(chosen) >= WANTED:
                break
            known = any(t.strategy == candidate.strategy for t in chosen)
            if (again or not known) and _is_new(candidate.text, chosen):
                chosen.append(candidate)
    return tuple(chosen)


def _is_new(title: str, chosen: Sequence[Title]) -> bool:
    if not title or limits.utf16_length(title) > limits.TITLE_SHOWN:
        return False
    return all(title.lower() != t.text.lower() and not _alike(title, t.text) for t in chosen)


def _alike(one: str, other: str) -> bool:
    """Whether two titles are nearly the same words."""
    first, second = ({w.lower() for w in wording.tokens(t)} for t in (one, other))
    return len(first & second) >= _LIKE * max(len(first), len(second), 1)


def _further(evidence: Evidence) -> Iterator[Title]:
    found = _written(evidence)
    yield from (Title(limits.fit_title(t.text), t.strategy) for t in found)


def _written(evidence: Evidence) -> Iterator[Title]:
    if not evidence.printable:
        yield from _of_the_name(evidence)
        return
    yield from (Title(text, "written") for text in evidence.plan.metadata_copy.titles)
    yield from _spoken(evidence)
    topics = [evidence.heading, *map(_titled, evidence.topics[1:])]
    if 30 <= evidence.duration <= _LONGEST_IN:
        yield Title(f"{topics[0]} in {wording.title_case(evidence.length)}", "length")
    if len(topics) > 1:
        yield Title(f"{topics[0]} and {topics[1]}: The Key Points", "topics")
    if evidence.content_type is ContentType.GENERAL:  # nobody promised to teach anything
        yield Title(wording.title_case(f"This Is {evidence.topics[0]}"), "claim")
    else:
        yield Title(f"{topics[0]}: What You Need to Know", "guide")
        yield Title(f"{topics[0]}: A Short Guide", "guide")
    yield Title(f"All About {topics[0]}", "topics")


def _titled(topic: str) -> str:
    return wording.title_case(topic.removeprefix("the "))


def _spoken(evidence: Evidence) -> Iterator[Title]:
    """The talk's own figures, questions and claims that make sense to a stranger."""
    central = {w for topic in evidence.topics[:4] for w in wording.content_words(topic)}
    for hook in evidence.plan.hooks:
        title = headline(evidence.quoted(hook), limits.TITLE_SHOWN)
        if title is None:
            continue
        about = central & set(wording.content_words(title))
        if hook.kind == "question" or title.endswith("?"):
            kind = "question"
        else:
            kind = "number" if any(c.isdigit() for c in title) else "claim"
        if about or (kind == "claim" and len(wording.tokens(title)) <= 6):
            yield Title(title, kind)
    for question in evidence.summary.questions if evidence.summary is not None else ():
        asked = headline(question, limits.TITLE_SHOWN)
        if asked is not None and central & set(wording.content_words(asked)):
            yield Title(asked, "question")


def _of_the_name(evidence: Evidence) -> Iterator[Title]:
    """What can be said of a film whose words may not be printed."""
    name = evidence.name
    yield Title(name, "name")
    if evidence.tempo is not None and evidence.content_type is ContentType.MUSIC:
        yield Title(f"{name} | {evidence.tempo} BPM", "number")
    if evidence.duration <= _LONGEST_IN:
        yield Title(f"{name} in {wording.title_case(evidence.length)}", "length")
    yield Title(f"{name}: From Beginning to End", "guide")
    yield Title(f"This Is {name}", "claim")
    # A name so long that nothing fits beside it is shortened at a word.
    short = wording.clipped(name, 30)
    yield Title(short, "name")
    yield Title(f"{short} in {wording.title_case(evidence.length)}", "length")
    yield Title(f"This Is {short}", "claim")
