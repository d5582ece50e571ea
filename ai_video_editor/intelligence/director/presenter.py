"""The drawn presenter: where no face is seen, it points at charts, talks along, and reacts."""

from __future__ import annotations

from collections.abc import Iterator

from ai_video_editor.context.content import EmotionalPeak
from ai_video_editor.context.plan import BRollOpportunity, ChartData, PresenterAction
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.proposals import Proposal, Talk, proposal
from ai_video_editor.language import wording

_POINTED_AT = frozenset({"growth", "allocation", "bars", "big_number", "before_after"})
"""Charts that leave room for somebody beside them."""

_REACTIONS: dict[str, PresenterAction] = {
    "excitement": "cheer",
    "humour": "cheer",
    "confidence": "cheer",
    "surprise": "gasp",
    "concern": "gasp",
    "curiosity": "gasp",
}

_FELT = 0.6
"""Intensity of a feeling that is worth a reaction."""

_LONGEST_WORDS = 72
"""Characters that can be read beside the presenter at phone size."""


def wanted(material: Material) -> bool:
    """Whether the presenter may appear: asked for, and nobody else is seen."""
    if not material.characters:
        return False
    shots = material.video.shots if material.video is not None else ()
    return all(shot.kind != "talking_head" for shot in shots)


def pointing(opportunity: BRollOpportunity) -> BRollOpportunity:
    """A chart with the presenter pointing at it; another graphic as it is."""
    data = opportunity.data
    if data.kind not in _POINTED_AT or opportunity.placement != "full_screen":
        return opportunity
    return opportunity.model_copy(
        update={
            "content_type": "character",
            "visual_elements": (*opportunity.visual_elements, "presenter pointing"),
            "data": data.model_copy(update={"action": "point"}),
        }
    )


def appearances(talk: Talk) -> Iterator[Proposal]:
    """Where the presenter stands alone: at strong feelings, and where a topic begins."""
    if not wanted(talk.material):
        return
    reacted = set()
    for peak in sorted(talk.material.emotions, key=lambda one: -one.intensity):
        at = _sentence_of(talk, peak)
        action = _REACTIONS.get(peak.kind)
        if at is None or action is None or peak.intensity < _FELT or at in reacted:
            continue
        reacted.add(at)
        why = f"{peak.kind.capitalize()} is heard and no face shows it; the presenter does."
        yield from _appearance(talk, at, action, why, 0.45 + 0.15 * peak.intensity)
    for theme in talk.material.themes:
        at = next(
            (
                index
                for index, printed in enumerate(talk.sentences)
                if printed.sentence.input == theme.input and printed.sentence.start >= theme.start
            ),
            None,
        )
        if at is not None and at not in reacted:
            why = "A new topic begins and nobody is seen; the presenter leads into it."
            yield from _appearance(talk, at, "talk", why, 0.4)


def _sentence_of(talk: Talk, peak: EmotionalPeak) -> int | None:
    for at, printed in enumerate(talk.sentences):
        if printed.sentence.input == peak.input and printed.sentence.range.overlaps(peak.range):
            return at
    return None


def _seen(material: Material) -> bool:
    """Whether there is anything in the picture that the presenter must leave free."""
    shots = material.video.shots if material.video is not None else ()
    return material.metadata.has_video and any(shot.kind != "black" for shot in shots)


def _appearance(
    talk: Talk, at: int, action: PresenterAction, why: str, priority: float
) -> Iterator[Proposal]:
    """The presenter at a sentence: in a corner of a picture, or with the words where is none."""
    overlay = _seen(talk.material)
    words = wording.shorten(talk.sentences[at].text, _LONGEST_WORDS)
    if not overlay and not words:
        return
    data = ChartData(
        kind="presenter",
        action=action,
        labels=(words.rstrip(".,;:"),) if words else (),
        said=talk.sentences[at].sentence.start,
    )
    yield proposal(
        talk,
        at,
        data,
        "Presenter",
        why,
        spans=(talk.span(at),),
        priority=priority,
        confidence=talk.sentences[at].confidence,
        elements=("presenter", action),
        overlay=overlay,
    )
