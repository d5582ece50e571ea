"""Pairs of thumbnail and title to test against each other."""

from __future__ import annotations

from ai_video_editor.context.outputs import (
    ABPair,
    MetadataPackage,
    MetadataVariation,
    ThumbnailPackage,
)
from ai_video_editor.context.plan import STRATEGIES, AIDirectorPlan, Strategy

_HYPOTHESES: dict[Strategy, str] = {
    "emotional": "{about} stay longer for a feeling{marker} than for a question or a fact.",
    "curiosity": "{about} stay longer for an open question that the film answers.",
    "authority": "{about} stay longer for a plain promise of what is shown.",
}
"""Test & Compare decides by share of watch time, so each says what makes viewers stay."""


def ab_pairs(
    package: MetadataPackage, thumbnails: ThumbnailPackage, plan: AIDirectorPlan
) -> tuple[ABPair, ...]:
    """One pair for each strategy that has both halves; Test & Compare takes three."""
    variations = {v.strategy: v for v in package.variations}
    concepts = {c.strategy: c for c in plan.thumbnail_concepts}
    pairs = []
    for strategy in STRATEGIES:
        image = next(
            (t for t in thumbnails.thumbnails if t.strategy == strategy and t.variant == "a"), None
        )
        variation = variations.get(strategy)
        if image is None or variation is None:
            continue
        concept = concepts.get(strategy)
        keywords = concept.keywords[:1] if concept else ()
        pairs.append(
            ABPair(
                id=f"pair-{strategy}",
                title=variation.title,
                thumbnail=f"thumbnails/{image.file_name}",
                hook_text=image.hook_text,
                hypothesis=_hypothesis(variation, keywords),
            )
        )
    return tuple(pairs)


def _hypothesis(variation: MetadataVariation, keywords: tuple[str, ...]) -> str:
    feelings = {"excitement", "surprise", "concern", "confidence", "humour"}
    marker = f" ({variation.marker})" if variation.marker in feelings else ""
    about = f"Viewers of a film about {keywords[0]}" if keywords and variation.hook else "Viewers"
    return _HYPOTHESES[variation.strategy].format(marker=marker, about=about)
