"""Descriptions: the hook first, then what one learns, chapters, disclaimer and hashtags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ai_video_editor.context.inputs import ContentType
from ai_video_editor.context.outputs import FilmChapter, KeyMoment
from ai_video_editor.context.plan import Hook, Strategy
from ai_video_editor.language import wording
from ai_video_editor.language.headlines import question_of, self_contained
from ai_video_editor.metadata import limits
from ai_video_editor.metadata.chapters import chapter_lines
from ai_video_editor.metadata.evidence import Evidence, listed

_DISCLAIMER = (
    "This video is for education only and is not financial advice. Investing involves risk, "
    "including loss of money."
)

_KINDS: dict[Strategy, tuple[str, ...]] = {
    "emotional": ("excitement", "concern", "surprise", "confidence", "humour", "emphasis"),
    "curiosity": ("question", "curiosity", "number"),
    "authority": ("number", "confidence", "excitement", "emphasis"),
}
"""The hooks that suit a promise, best first."""

_EXPLAINED = 5
_MOST_LISTED = 5


@dataclass(frozen=True)
class Shared:
    """What all descriptions of a film have in common.

    Attributes:
        chapters: on the film's time.
        moments: key moments, for films without chapters.
        hashtags: at most three, with their sign.
        disclaimer: "" where none is needed.
    """

    chapters: tuple[FilmChapter, ...]
    moments: tuple[KeyMoment, ...]
    hashtags: tuple[str, ...]
    disclaimer: str


@dataclass(frozen=True)
class Opening:
    """The first lines of a description.

    Attributes:
        text: one to four sentences; its first 120 characters carry the hook.
        hook: the spoken sentence it is made of, None where it is none.
    """

    text: str
    hook: Hook | None = None
    core: str = ""
    """The text without what was put behind it."""


def disclaimer_for(evidence: Evidence) -> str:
    """What the description of a financial film says; "" for other films."""
    if evidence.content_type is not ContentType.FINANCIAL:
        return ""
    said = evidence.summary.disclaimers if evidence.summary else ()
    return limits.clean_line(" ".join(said) or _DISCLAIMER)


def opening_for(evidence: Evidence, strategy: Strategy, title: str, used: Sequence[str]) -> Opening:
    """How the description of a promise opens, unlike the others.

    Args:
        evidence: what it may draw on.
        strategy: the promise.
        title: which it keeps, and does not repeat.
        used: openings of the other descriptions.
    """
    written = evidence.plan.metadata_copy.of(strategy)
    if not evidence.printable:
        return Opening(_unworded(evidence, strategy))
    text = limits.clean_line(written.description) if written is not None else ""
    if text and text not in used:
        return Opening(text)
    hook = _hook(evidence, strategy, title, used)
    if hook is not None:
        text = evidence.quoted(hook)
        return Opening(_filled(text, evidence, strategy), hook, text)
    plain = next(t for t in _plain(evidence, strategy) if t not in used)
    return Opening(_filled(plain, evidence, strategy), None, plain)


def _filled(text: str, evidence: Evidence, strategy: Strategy) -> str:
    """An opening with what the film offers behind it, where search would show that as well."""
    offer = ""
    if text.endswith("?"):
        offer = f"Find out in {evidence.length}."
    elif strategy != "authority" and evidence.length not in text:
        names = [t for t in evidence.topics if wording.overlap(t, text) == 0][:3]
        before = f"In {evidence.length}" if strategy == "emotional" else "In this video"
        offer = f"{before}: {listed(names)}." if len(names) > 1 else ""
    longer = f"{text} {offer}".strip()
    return longer if len(longer) <= limits.DESCRIPTION_SHOWN else text


def _hook(evidence: Evidence, strategy: Strategy, title: str, used: Sequence[str]) -> Hook | None:
    wanted = _KINDS[strategy]
    central = {w for topic in evidence.topics[:6] for w in wording.content_words(topic)}
    fitting = []
    for hook in evidence.plan.hooks:
        text = evidence.quoted(hook)
        repeats = wording.overlap(text, title) >= 0.99
        known = any(wording.overlap(text, other) >= 0.6 for other in used)
        says = len(wording.content_words(text)) >= 2 and self_contained(text)
        # A figure alone says nothing to somebody who does not know what it is a figure of.
        says &= hook.kind != "number" or bool(central & set(wording.content_words(text)))
        fits = hook.kind in wanted and len(text) <= limits.DESCRIPTION_SHOWN
        if fits and says and not repeats and not known:
            fitting.append(hook)
    # The description keeps the title's promise: what shares its words comes first.
    return min(
        fitting,
        key=lambda h: (
            wording.overlap(h.text, title) < 0.3,
            wanted.index(h.kind),
            -h.confidence,
        ),
        default=None,
    )


def _plain(evidence: Evidence, strategy: Strategy) -> Iterator[str]:
    """Openings where nothing quotable was said; the last holds for any film."""
    topics = evidence.topics
    about = wording.clipped(topics[0], 60)
    if strategy == "curiosity":
        questions = evidence.summary.questions if evidence.summary is not None else ()
        for question in map(question_of, questions):
            if len(question) <= limits.DESCRIPTION_SHOWN and self_contained(question):
                yield question
        yield f"How much do you know about {about}? Find out in {evidence.length}."
    if strategy == "emotional":
        fitting = (s for s in _sentences(evidence) if len(s) <= limits.DESCRIPTION_SHOWN)
        yield from fitting
        matter = "matter" if wording.is_plural(about) else "matters"
        yield f"Why {about} {matter}, in {evidence.length}."
    for count in (3, 2, 1):
        text = f"In this video: {listed(topics[:count])}."
        if len(text) <= limits.DESCRIPTION_SHOWN:
            yield text
    yield f"{wording.sentence_case(about)} in {evidence.length}."
    yield f"{evidence.length.capitalize()} on {about}."
    yield f"What to know about {about}."


def _unworded(evidence: Evidence, strategy: Strategy) -> str:
    """Openings that claim nothing which was not measured."""
    name, length = evidence.name, evidence.length
    silent = evidence.audio is not None and evidence.audio.kind in ("silent", "none")
    before = sum((i.duration for i in evidence.plan.inputs), Fraction(0))
    cut = evidence.duration <= before * 4 / 5
    if strategy == "emotional":
        if silent:
            return f"{name}: {length} without a word."
        if evidence.audio is not None and evidence.audio.kind == "speech":
            return f"{name}, in the speaker's own words."
        return f"{name}: {'best watched with the sound on' if evidence.seen else 'headphones on'}."
    if strategy == "curiosity":
        part = "Which moment do you like best" if evidence.seen else "Which part stays with you"
        return f"{length.capitalize()} of {name}. {part}?"
    what = "video" if evidence.seen else "recording"
    if cut:
        return f"{name}: the edited {what}, {_clock(evidence.duration)} out of {_clock(before)}."
    return f"{name}: the whole {what}, {length} long."


def _clock(seconds: Fraction) -> str:
    return wording.clock(round(seconds))


def describe(
    evidence: Evidence, shared: Shared, strategy: Strategy, opening: str, keywords: Sequence[str]
) -> str:
    """The whole description of a promise, within YouTube's limit.

    Args:
        evidence: what it may draw on.
        shared: what all descriptions have.
        strategy: the promise, which decides on the body.
        opening: its first lines.
        keywords: of the promise; one of them stands in every description.
    """
    body = [opening, *_body(evidence, strategy, opening)]
    text = " ".join(body).lower()
    if evidence.printable and not any(k.lower() in text for k in keywords):
        body.insert(1, f"In this video: {listed(evidence.topics[:3])}.")
    if shared.chapters:
        body.append("Chapters\n" + chapter_lines(shared.chapters))
    elif evidence.printable and len(shared.moments) > 1:
        lines = [f"{wording.clock(m.start)} {m.title}" for m in shared.moments]
        body.append("Key moments\n" + "\n".join(lines))
    tail = [t for t in (shared.disclaimer, " ".join(shared.hashtags)) if t]
    # The end (disclaimer, hashtags) must never be what is cut off.
    while len(body) > 1:
        whole = "\n\n".join([*body, *tail])
        if len(limits.clean(whole).encode()) <= limits.DESCRIPTION_BYTES:
            break
        body.pop(1 if len(body) > 2 else -1)
    return limits.fit_description("\n\n".join([*body, *tail]))


def _body(evidence: Evidence, strategy: Strategy, opening: str) -> list[str]:
    if not evidence.printable:
        return _measured(evidence)
    found = []
    if strategy == "emotional":
        promise = next((c.title_idea for c in evidence.plan.thumbnail_concepts), "")
        found.append(_summary(evidence, opening, promise))
    elif strategy == "curiosity":
        named = "In this video:" in opening
        names = "" if named else f"In this video: {listed(evidence.topics[:3])}."
        found += _questions(evidence, opening) or [names, _summary(evidence, opening)]
    else:
        found += _explained(evidence, opening)
    # What is seen is announced, so that text and picture keep one promise.
    shown = [b.description for b in evidence.plan.broll if b.data.kind == "growth"]
    if shown:
        found.append("You will see\n" + "\n".join(f"• {text}" for text in dict.fromkeys(shown)))
    return [text for text in found if text]


def _sentences(evidence: Evidence) -> list[str]:
    """What the talk says of itself, sentence by sentence."""
    summary = evidence.summary.summary if evidence.summary is not None else ""
    return [s for s in re.split(r"(?<=[.!?])\s+", summary) if s]


def _summary(evidence: Evidence, opening: str, title: str = "") -> str:
    """The summary without what the description opens with, or its title says."""
    said = f"{opening} {title}".lower()
    return " ".join(s for s in _sentences(evidence) if s.rstrip(".").lower() not in said)


def _questions(evidence: Evidence, opening: str) -> list[str]:
    asked = evidence.summary.questions if evidence.summary is not None else ()
    good = [q for q in map(question_of, asked) if self_contained(q) and q not in opening]
    if len(good) < 2:
        return []
    lines = "\n".join(f"• {question}" for question in good[:_MOST_LISTED])
    return [f"Questions that come up\n{lines}"]


def _explained(evidence: Evidence, opening: str) -> list[str]:
    """What one learns: concepts with their explanation, the others in one line."""
    known = [c for c in evidence.concepts[:_EXPLAINED] if c.explanation]
    lines = []
    for concept in known:
        text = concept.explanation.rstrip(".")
        lines.append(f"• {wording.sentence_case(concept.phrase)}: {text[0].lower()}{text[1:]}")
    others = [
        t for t in evidence.topics[:_EXPLAINED]
        if t.removeprefix("the ").lower() not in {c.phrase.lower() for c in known}
    ]  # fmt: skip
    if lines:
        named = opening.startswith("In this video")
        found = [("The terms\n" if named else "In this video\n") + "\n".join(lines)]
        return [*found, f"Also: {listed(others[:3])}."] if others and not named else found
    summary = _summary(evidence, opening)
    names = f"In this video: {listed(evidence.topics[:4])}."
    return [summary] if opening.startswith("In this video") else [names, summary]


def _measured(evidence: Evidence) -> list[str]:
    """Facts of a film whose words may not be printed."""
    if evidence.content_type is ContentType.MUSIC and evidence.tempo is not None:
        return [f"Music at about {evidence.tempo} beats a minute."]
    return []
