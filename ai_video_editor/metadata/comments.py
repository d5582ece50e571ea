"""Comments to pin: one question to viewers for each promise."""

from __future__ import annotations

from ai_video_editor.context.inputs import ContentType
from ai_video_editor.context.plan import Strategy
from ai_video_editor.language import wording
from ai_video_editor.language.headlines import question_of, self_contained
from ai_video_editor.metadata import limits
from ai_video_editor.metadata.evidence import Evidence

_UNWORDED: dict[Strategy, str] = {
    "emotional": "Which moment did you like best? Leave its time below.",
    "curiosity": "What would you like to know about it? Ask below.",
    "authority": "What should come next? Tell me below.",
}

_LONGEST = 120

_HEARD: dict[Strategy, str] = {
    "emotional": "How does it make you feel? Tell me in one word.",
    "curiosity": "Where did you hear it first? Tell me below.",
    "authority": "Which part stayed with you? Leave its time below.",
}


def pinned_comment(evidence: Evidence, strategy: Strategy, opening: str) -> str:
    """What invites viewers to talk about what was said; the director's own text first.

    Args:
        evidence: what it may draw on.
        strategy: the promise it goes with.
        opening: of its description.
    """
    written = evidence.plan.metadata_copy.of(strategy)
    text = limits.clean_line(written.pinned_comment) if written is not None else ""
    if text and evidence.printable:
        return text
    if not evidence.printable:
        music = evidence.content_type is ContentType.MUSIC or not evidence.seen
        return (_HEARD if music else _UNWORDED)[strategy]
    return limits.clean_line(_worded(evidence, strategy, opening))


def _worded(evidence: Evidence, strategy: Strategy, opening: str) -> str:
    topics = evidence.topics
    if strategy == "emotional":
        return f"What surprised you most about {topics[0]}? Tell me below."
    if strategy == "curiosity":
        questions = evidence.summary.questions if evidence.summary is not None else ()
        good = [q for q in map(question_of, questions) if _for_anybody(q)]
        asked = next((q for q in good if q not in opening), next(iter(good), None))
        if asked is not None:
            return f"{asked} Write your answer before you watch, and see whether it holds."
        return f"What would you like to know about {topics[0]}? Ask below."
    if len(topics) >= 3:
        return f"What should the next video go into: {topics[0]}, {topics[1]}, or {topics[2]}?"
    return f"Which part of {topics[0]} should the next video go into?"


def _for_anybody(question: str) -> bool:
    """Whether viewers can answer a question of the talk: it is whole, and not about the speaker."""
    mine = {"i", "me", "my", "we", "us", "our", "ours"}
    about_us = any(word.lower() in mine for word in wording.tokens(question))
    says = len(wording.content_words(question)) >= 2
    return says and not about_us and self_contained(question) and len(question) <= _LONGEST
