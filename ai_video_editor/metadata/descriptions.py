"""Descriptions: the hook first, then what one learns, chapters, disclaimer and hashtags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ai_video_editor.context.content import ContentSummary, KeyConcept
from ai_video_editor.context.inputs import ContentType
from ai_video_editor.context.outputs import FilmChapter
from ai_video_editor.context.plan import AIDirectorPlan, Strategy
from ai_video_editor.language import wording
from ai_video_editor.metadata import limits
from ai_video_editor.metadata.chapters import chapter_lines

_DISCLAIMER = (
    "This video is for education only and is not financial advice. Investing involves risk, "
    "including loss of money."
)


@dataclass(frozen=True)
class DescriptionParts:
    """What all descriptions of a film share.

    Attributes:
        plan: hooks, promises and B-roll.
        concepts: those that may be printed, most central first.
        chapters: on the film's time.
        hashtags: at most three, with their sign.
        summary: of the talk; None where there is none.
        content_type: what kind of film it is.
        name: readable name of the film.
        printable: whether words of the transcript may be printed.
    """

    plan: AIDirectorPlan
    concepts: Sequence[KeyConcept]
    chapters: tuple[FilmChapter, ...]
    hashtags: tuple[str, ...]
    summary: ContentSummary | None
    content_type: ContentType
    name: str
    printable: bool


def describe(parts: DescriptionParts, strategy: Strategy | None, title: str) -> str:
    """The description that goes with a strategy's title, within YouTube's limit.

    The first 120 characters carry the hook: they are what search shows.
    """
    opening = _opening(parts, strategy, title)
    tail = [t for t in (_disclaimer(parts), " ".join(parts.hashtags)) if t]
    body = [opening, *_body(parts, opening)]
    if parts.chapters:
        body.append("Chapters\n" + chapter_lines(parts.chapters))
    # The end (disclaimer, hashtags) must never be what is cut off.
    while len(body) > 1:
        text = "\n\n".join([*body, *tail])
        if len(limits.clean(text).encode()) <= limits.DESCRIPTION_BYTES:
            break
        body.pop(1 if len(body) > 2 else -1)
    return limits.fit_description("\n\n".join([*body, *tail]))


def _opening(parts: DescriptionParts, strategy: Strategy | None, title: str) -> str:
    texts = parts.plan.metadata_copy.of(strategy)
    if texts is not None and texts.description and parts.printable:
        return texts.description
    kinds = {
        "emotional": ("excitement", "concern", "surprise", "confidence", "humour", "emphasis"),
        "curiosity": ("question", "curiosity", "number"),
        "authority": ("number", "confidence", "excitement"),
    }
    wanted = kinds.get(strategy or "", ())
    # The description keeps the title's promise: what shares its words comes first.
    ranked = sorted(
        parts.plan.hooks,
        key=lambda h: (
            wording.overlap(h.text, title) < 0.3,
            h.kind not in wanted,
            -h.confidence,
        ),
    )
    for hook in ranked if parts.printable else ():
        fits = len(hook.text) <= limits.DESCRIPTION_SHOWN
        repeats = hook.text.rstrip(".?!").lower() == title.rstrip(".?!").lower()
        if fits and not repeats:
            return hook.text if hook.text[-1] in ".?!" else f"{hook.text}."
    return _plain_opening(parts)


def _plain_opening(parts: DescriptionParts) -> str:
    if parts.concepts:
        names = wording.distinct_names([c.phrase for c in parts.concepts])[:3]
        text = f"In this video: {_listed(names)}."
        if len(text) <= limits.DESCRIPTION_SHOWN:
            return text
        return f"In this video: {names[0]}."
    kind = "music video" if parts.content_type is ContentType.MUSIC else "video"
    name = wording.clipped(wording.title_case(parts.name), 80) or "Untitled"
    return f"{name}: the full {kind}, edited for easy watching."


def _listed(names: Sequence[str]) -> str:
    if len(names) < 3:
        return " and ".join(names)
    return ", ".join(names[:-1]) + f", and {names[-1]}"


def _body(parts: DescriptionParts, opening: str) -> list[str]:
    found = []
    summary = parts.summary.summary if parts.summary and parts.printable else ""
    if summary and wording.overlap(summary, opening) < 0.9:
        found.append(summary)
    if any(c.explanation for c in parts.concepts[:5]):
        lines = [f"• {wording.sentence_case(c.phrase)}{_explained(c)}" for c in parts.concepts[:5]]
        found.append("In this video\n" + "\n".join(lines))
    # What is seen is announced, so that text and picture keep one promise.
    shown = [b.description for b in parts.plan.broll if b.data.kind == "growth"]
    if shown:
        found.append("You will see\n" + "\n".join(f"• {text}" for text in dict.fromkeys(shown)))
    return found


def _explained(concept: KeyConcept) -> str:
    if not concept.explanation:
        return ""
    text = concept.explanation.rstrip(".")
    return f": {text[0].lower()}{text[1:]}"


def _disclaimer(parts: DescriptionParts) -> str:
    if parts.content_type is not ContentType.FINANCIAL:
        return ""
    said = parts.summary.disclaimers if parts.summary else ()
    return " ".join(said) or _DISCLAIMER
