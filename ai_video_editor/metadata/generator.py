"""The metadata of a film from its plan: titles, descriptions, tags, chapters, variations."""

from __future__ import annotations

from collections.abc import Sequence

from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.content import (
    ContentSummary,
    ContentTheme,
    EmotionalPeak,
    KeyConcept,
    TrendingKeywords,
)
from ai_video_editor.context.inputs import ContentType, VideoMetadata
from ai_video_editor.context.outputs import (
    MetadataPackage,
    MetadataPreparation,
    MetadataVariation,
)
from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.context.video import VisualHighlight
from ai_video_editor.language import wording
from ai_video_editor.language.headlines import question_of, self_contained
from ai_video_editor.metadata import limits
from ai_video_editor.metadata.chapters import film_chapters
from ai_video_editor.metadata.comments import pinned_comment
from ai_video_editor.metadata.descriptions import Shared, describe, disclaimer_for, opening_for
from ai_video_editor.metadata.evidence import Evidence
from ai_video_editor.metadata.moments import key_moments
from ai_video_editor.metadata.tags import hashtag_topics, make_hashtags, make_tags
from ai_video_editor.metadata.titles import make_titles, titles_by_strategy

_SAME = 0.99
"""Shared words from which a title is a hook's own."""


def prepare(
    concepts: Sequence[KeyConcept],
    themes: Sequence[ContentTheme],
    summary: ContentSummary | None,
    audio: AudioAnalysis | None,
) -> MetadataPreparation:
    """What does not wait for the plan: topics and keywords that may be printed."""
    named = printable_concepts(concepts, audio)
    topics = [t.title for t in themes if audio is not None and audio.printable]
    topics = [t for t in topics if not t.startswith("Part ")]
    keywords = [c.phrase.lower() for c in named]
    if summary is not None and named:
        asked = [wording.bare(question_of(q)) for q in summary.questions]
        keywords.extend(q for q in asked if len(q) <= 50 and self_contained(q))
    return MetadataPreparation(
        topics=tuple(dict.fromkeys(topics)), keywords=tuple(dict.fromkeys(keywords))
    )


class MetadataGenerator:
    """Writes metadata from the plan's own promises and texts, without a network."""

    def generate(
        self,
        plan: AIDirectorPlan,
        preparation: MetadataPreparation | None,
        research: TrendingKeywords | None,
        concepts: Sequence[KeyConcept],
        *,
        content_type: ContentType,
        summary: ContentSummary | None,
        audio: AudioAnalysis | None,
        metadata: VideoMetadata,
        emotions: Sequence[EmotionalPeak] = (),
        highlights: Sequence[VisualHighlight] = (),
        notes: Sequence[str] = (),
    ) -> MetadataPackage:
        """Everything to paste, within YouTube's limits.

        Args:
            plan: the edit with its hooks, promises and whatever texts its director wrote.
            preparation: from `prepare`; made here where it is missing.
            research: trending keywords, which come into the tags.
            concepts: most central first.
            content_type: what kind of film it is.
            summary: questions, numbers and disclaimers of the talk.
            audio: how far its words can be trusted.
            metadata: what holds for the film.
            emotions: moments with feeling; those that a thumbnail quotes are key moments.
            highlights: what the picture shows best.
            notes: what else the user should know.
        """
        ready = preparation or prepare(concepts, (), summary, audio)
        evidence = Evidence(
            plan=plan,
            concepts=printable_concepts(concepts, audio),
            research=research,
            summary=summary,
            content_type=content_type,
            audio=audio,
            metadata=metadata,
            emotions=emotions,
            highlights=highlights,
        )
        shared = Shared(
            chapters=film_chapters(plan),
            moments=key_moments(evidence),
            hashtags=make_hashtags(hashtag_topics(evidence), content_type),
            disclaimer=disclaimer_for(evidence),
        )
        variations = _variations(evidence, shared)
        titles = make_titles(evidence, titles_by_strategy(plan))
        keywords = [*plan.metadata_strategy.primary_keywords[:3], *ready.keywords[:5]]
        written = plan.metadata_copy
        return MetadataPackage(
            titles=tuple(title.text for title in titles),
            title_strategies=tuple(title.strategy for title in titles),
            descriptions=tuple(dict.fromkeys(v.description for v in variations)),
            tags=make_tags(evidence, keywords),
            hashtags=shared.hashtags,
            chapters=shared.chapters,
            variations=variations,
            key_moments=shared.moments,
            pinned_comment=variations[0].pinned_comment if variations else "",
            disclaimer=shared.disclaimer,
            method="gemini" if written.promises or written.titles else "templates",
            notes=(*notes, *_notes(evidence, shared)),
        )


def _variations(evidence: Evidence, shared: Shared) -> tuple[MetadataVariation, ...]:
    concepts = {c.strategy: c for c in evidence.plan.thumbnail_concepts}
    found: list[MetadataVariation] = []
    used: list[str] = []
    for strategy, title in titles_by_strategy(evidence.plan).items():
        opening = opening_for(evidence, strategy, title, used)
        used.append(opening.core or opening.text)
        keywords = concepts[strategy].keywords
        titled = (h for h in evidence.plan.hooks if wording.overlap(h.text, title) >= _SAME)
        hook = opening.hook or next(titled, None)
        found.append(
            MetadataVariation(
                strategy=strategy,
                title=title,
                description=describe(evidence, shared, strategy, opening.text, keywords),
                hook_text=concepts[strategy].hook_text,
                pinned_comment=pinned_comment(evidence, strategy, opening.text),
                hook=hook.text if hook is not None else "",
                marker=hook.kind if hook is not None else "",
                keywords=keywords,
            )
        )
    return tuple(found)


def _notes(evidence: Evidence, shared: Shared) -> list[str]:
    notes = []
    if not shared.chapters:
        notes.append(_why_no_chapters(evidence))
    elif all(c.title.startswith("Part ") for c in shared.chapters):
        notes.append("The chapters have numbers for names: nothing certain enough was said.")
    if not evidence.printable and not evidence.named:
        notes.append(
            "Titles and description say little, because the words are too uncertain to print and "
            "the file has a camera's name: rename the file, or give --transcript."
        )
    return notes


def title_first(package: MetadataPackage, title: str | None) -> MetadataPackage:
    """The metadata with the title that a person chose, and its description, in front."""
    if title is None or title not in package.titles:
        return package
    described = next((v.description for v in package.variations if v.title == title), None)
    descriptions = package.descriptions if described is None else (described, *package.descriptions)
    return package.model_copy(
        update={
            "titles": tuple(dict.fromkeys((title, *package.titles))),
            "descriptions": tuple(dict.fromkeys(descriptions)),
        }
    )


def _why_no_chapters(evidence: Evidence) -> str:
    least = limits.CHAPTERS_FEWEST * int(limits.CHAPTER_SECONDS)
    if evidence.duration < least:
        return f"No chapters: the film is shorter than {least} s."
    return "No chapters: the film does not fall into three parts of 10 s."


def printable_concepts(
    concepts: Sequence[KeyConcept], audio: AudioAnalysis | None
) -> list[KeyConcept]:
    """The concepts whose words are certain enough for print; none of a weak transcript."""
    if audio is None or not audio.printable:
        return []
    return [c for c in concepts if c.confidence >= audio.print_threshold]
