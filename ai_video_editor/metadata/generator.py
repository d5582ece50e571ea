"""The metadata of a film from its plan: titles, descriptions, tags, chapters, variations."""

from __future__ import annotations

from collections.abc import Sequence

from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.content import (
    ContentSummary,
    ContentTheme,
    KeyConcept,
    TrendingKeywords,
)
from ai_video_editor.context.inputs import ContentType, VideoMetadata
from ai_video_editor.context.outputs import (
    MetadataPackage,
    MetadataPreparation,
    MetadataVariation,
)
from ai_video_editor.context.plan import AIDirectorPlan, Strategy
from ai_video_editor.language import wording
from ai_video_editor.metadata import limits
from ai_video_editor.metadata.chapters import film_chapters
from ai_video_editor.metadata.descriptions import DescriptionParts, describe
from ai_video_editor.metadata.tags import make_hashtags, make_tags
from ai_video_editor.metadata.titles import make_titles, titles_by_strategy

_CENTRAL = 0.4
"""Score from which a concept is worth a hashtag."""


def prepare(
    concepts: Sequence[KeyConcept],
    themes: Sequence[ContentTheme],
    summary: ContentSummary | None,
    audio: AudioAnalysis | None,
) -> MetadataPreparation:
    """What does not wait for the plan: topics and keywords that may be printed."""
    named = _printable(concepts, audio)
    topics = [t.title for t in themes if audio is not None and audio.printable]
    topics = [t for t in topics if not t.startswith("Part ")]
    keywords = [c.phrase.lower() for c in named]
    if summary is not None and named:
        keywords.extend(q.rstrip("?").lower() for q in summary.questions if len(q) <= 50)
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
    ) -> MetadataPackage:
        """Everything to paste, within YouTube's limits.

        Args:
            plan: the edit with its hooks and promises.
            preparation: from `prepare`; made here where it is missing.
            research: trending keywords, which come into the tags.
            concepts: most central first.
            content_type: what kind of film it is.
            summary: questions, numbers and disclaimers of the talk.
            audio: how far its words can be trusted.
            metadata: what holds for the film.
        """
        ready = preparation or prepare(concepts, (), summary, audio)
        named = _printable(concepts, audio)
        chapters = film_chapters(plan)
        by_strategy = titles_by_strategy(plan)
        titles = make_titles(plan, by_strategy, named, metadata.name)
        topics = [c.phrase for c in named if c is named[0] or c.score >= _CENTRAL]
        topics = topics or [metadata.name]
        hashtags = make_hashtags(topics, content_type)
        parts = DescriptionParts(
            plan,
            named,
            chapters,
            hashtags,
            summary,
            content_type,
            metadata.name,
            audio is not None and audio.printable,
        )
        hook_texts = {c.strategy: c.hook_text for c in plan.thumbnail_concepts}
        variations = tuple(
            MetadataVariation(
                strategy=strategy,
                title=title,
                description=describe(parts, strategy, title),
                hook_text=hook_texts[strategy],
                pinned_comment=_comment(plan, strategy),
            )
            for strategy, title in by_strategy.items()
        )
        descriptions = [v.description for v in variations] or [describe(parts, None, titles[0])]
        keywords = [*plan.metadata_strategy.primary_keywords[:3], *ready.keywords[:3]]
        written = [tag for texts in plan.metadata_copy.promises for tag in texts.tags]
        notes = [] if chapters else [_why_no_chapters(plan)]
        return MetadataPackage(
            titles=titles,
            descriptions=tuple(dict.fromkeys(descriptions)),
            tags=make_tags(
                keywords if named else [metadata.name],
                named,
                research,
                content_type,
                wording.sentence_case(metadata.name),
                tuple(dict.fromkeys(written)) if named else (),
            ),
            hashtags=hashtags,
            chapters=chapters,
            variations=variations,
            method="gemini" if plan.metadata_copy.promises else "templates",
            notes=tuple(notes),
        )


def _comment(plan: AIDirectorPlan, strategy: Strategy) -> str:
    texts = plan.metadata_copy.of(strategy)
    return limits.clean_line(texts.pinned_comment) if texts is not None else ""


def _why_no_chapters(plan: AIDirectorPlan) -> str:
    least = limits.CHAPTERS_FEWEST * int(limits.CHAPTER_SECONDS)
    if plan.time_map().duration < least:
        return f"No chapters: the film is shorter than {least} s."
    return "No chapters: the film does not fall into three parts of 10 s."


def _printable(concepts: Sequence[KeyConcept], audio: AudioAnalysis | None) -> list[KeyConcept]:
    if audio is None or not audio.printable:
        return []
    return [c for c in concepts if c.confidence >= audio.print_threshold]
