"""What was meant: concepts, themes, feelings and numbers."""

from __future__ import annotations

from pydantic import Field

from ai_video_editor.context.base import Confidence, Model, Seconds, SourceSpan


class KeyConcept(Model):
    """Something the film is about, in the speaker's words."""

    phrase: str
    score: Confidence
    """How central it is, 1 the most."""
    mentions: tuple[SourceSpan, ...]
    confidence: Confidence
    """How sure we are of the words."""
    financial: str | None = None
    """Key of the taxonomy's concept, when it is one."""
    explanation: str = ""
    """One plain sentence on it, from the taxonomy; may be printed."""
    draw: str = ""
    """The picture that explains it without a number, from the taxonomy, as `plan.Drawing` names
    them; empty where there is none."""


class NumberMention(SourceSpan):
    """A number as it was said, with what it measures."""

    text: str
    value: float
    unit: str = Field(pattern="^(percent|usd|eur|gbp|years|months|weeks|days|times|count)$")
    period: str | None = Field(default=None, pattern="^(day|week|month|year)$")
    """For rates: 500 dollars a *month*."""
    concept: str | None = None
    """Phrase of the concept it belongs to."""
    confidence: Confidence
    certain: bool = True
    """False where a word of it, or the whole transcript, is below the threshold for print: it is
    never drawn nor printed."""


class ContentTheme(SourceSpan):
    """A stretch on one topic; chapters are made from these."""

    title: str
    keywords: tuple[str, ...] = ()
    confidence: Confidence


class EmotionalPeak(SourceSpan):
    """A moment with feeling."""

    kind: str = Field(
        pattern="^(excitement|surprise|concern|confidence|curiosity|humour|emphasis)$"
    )
    intensity: Confidence
    """Relative to this speaker."""
    evidence: tuple[str, ...]
    """Words, voice or face that speak for it."""
    text: str = ""


class ContentSummary(Model):
    """What the analysis says of the whole, beside its lists."""

    method: str = "full"
    """full, transcript, or structure where only pauses and shots were known."""
    content_type: str
    content_type_reason: str
    summary: str = ""
    questions: tuple[str, ...] = ()
    numbers: tuple[NumberMention, ...] = ()
    disclaimers: tuple[str, ...] = ()
    """What a film on this topic should say in its description."""
    spoken_disclaimers: tuple[SourceSpan, ...] = ()
    """Where the speaker says so; these passages are never cut."""
    notes: tuple[str, ...] = ()


class Keyword(Model):
    """A search phrase with its scores, each 0 to 1, and where they are from."""

    phrase: str
    volume: Confidence
    """Proxy for how often it is searched."""
    difficulty: Confidence
    trend: Confidence
    evidence: str


class TrendingKeywords(Model):
    """Research shared by all outputs."""

    source: str = Field(pattern="^(search|cache|content)$")
    keywords: tuple[Keyword, ...] = ()
    competitor_titles: tuple[str, ...] = ()
    competitor_patterns: tuple[str, ...] = ()
    """What the competitors' titles have in common, in words."""
    suggestions: tuple[str, ...] = ()
    age: Seconds | None = None
    """Seconds since a cached answer was fetched; None for a fresh one."""
