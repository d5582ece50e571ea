"""Titles: one for each promise of the plan, and some more to choose from."""

from __future__ import annotations

from collections.abc import Sequence

from ai_video_editor.context.content import KeyConcept
from ai_video_editor.context.plan import STRATEGIES, AIDirectorPlan, Strategy
from ai_video_editor.language import wording
from ai_video_editor.metadata import limits

_WANTED = 5
_LIKE = 0.99


def titles_by_strategy(plan: AIDirectorPlan) -> dict[Strategy, str]:
    """The title of each strategy, from the same concept as its thumbnail."""
    ideas: dict[Strategy, str] = {}
    for concept in plan.thumbnail_concepts:
        title = limits.fit_title(concept.title_idea)
        if title:
            ideas.setdefault(concept.strategy, title)
    return {s: ideas[s] for s in STRATEGIES if s in ideas}


def make_titles(
    plan: AIDirectorPlan,
    by_strategy: dict[Strategy, str],
    concepts: Sequence[KeyConcept],
    name: str,
) -> tuple[str, ...]:
    """About five titles, those of the strategies first, no two alike.

    Args:
        plan: its hooks and chapters give the further ones.
        by_strategy: title of each strategy.
        concepts: those that may be printed, most central first.
        name: readable name of the film.
    """
    chosen = list(dict.fromkeys(by_strategy.values()))
    for candidate in _further(plan, concepts, name):
        if len(chosen) >= _WANTED:
            break
        title = limits.fit_title(candidate)
        short = title and limits.utf16_length(title) <= limits.TITLE_SHOWN
        known = {t.lower() for t in chosen}
        if short and title.lower() not in known and _differs(title, chosen):
            chosen.append(title)
    if not chosen:
        chosen = [limits.fit_title(wording.title_case(name)) or "Untitled"]
    return tuple(chosen)


def _differs(title: str, others: Sequence[str]) -> bool:
    return all(
        wording.overlap(title, other) < _LIKE
        or abs(len(wording.content_words(title)) - len(wording.content_words(other))) >= 2
        for other in others
    )


def _further(plan: AIDirectorPlan, concepts: Sequence[KeyConcept], name: str) -> list[str]:
    found = list(plan.metadata_copy.titles)
    topics = wording.distinct_names([wording.title_case(c.phrase) for c in concepts])
    central = {w for topic in topics[:4] for w in wording.content_words(topic)}
    for hook in plan.hooks:
        words = wording.tokens(hook.text)
        complete = len(words) >= 4 and hook.text.count(".") <= 1
        if complete and (len(words) <= 6 or central & set(wording.content_words(hook.text))):
            found.append(wording.title_case(hook.text.rstrip(".")))
    if topics:
        second = next((t for t in topics[1:] if wording.overlap(t, topics[0]) == 0), None)
        if second:
            found.append(f"{topics[0]} and {second}: The Key Points")
        found.append(f"{topics[0]}: What You Need to Know")
        found.append(f"{topics[0]}: A Short Guide")
    plain = wording.title_case(name)
    found.extend([plain, f"Watch: {plain}"])
    return found
