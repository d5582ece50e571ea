"""Pairs of thumbnail and title to test against each other."""

from __future__ import annotations

from ai_video_editor.context.outputs import ABPair, MetadataPackage, ThumbnailPackage
from ai_video_editor.context.plan import STRATEGIES, AIDirectorPlan

_HYPOTHESES = {
    "emotional": "A feeling shown and named draws more clicks than a fact",
    "curiosity": "An open question is watched until it is answered",
    "authority": "A plain promise of an explanation keeps viewers longest",
}


def ab_pairs(
    package: MetadataPackage, thumbnails: ThumbnailPackage, plan: AIDirectorPlan
) -> tuple[ABPair, ...]:
    """One pair for each strategy that has both halves; Test & Compare takes three."""
    titles = {v.strategy: v.title for v in package.variations}
    concepts = {c.strategy: c for c in plan.thumbnail_concepts}
    pairs = []
    for strategy in STRATEGIES:
        image = next(
            (t for t in thumbnails.thumbnails if t.strategy == strategy and t.variant == "a"), None
        )
        if image is None or strategy not in titles:
            continue
        concept = concepts.get(strategy)
        about = (
            f" for a film about {', '.join(concept.keywords[:1])}"
            if concept and concept.keywords
            else ""
        )
        pairs.append(
            ABPair(
                id=f"pair-{strategy}",
                title=titles[strategy],
                thumbnail=f"thumbnails/{image.file_name}",
                hook_text=image.hook_text,
                hypothesis=f"{_HYPOTHESES[strategy]}{about}.",
            )
        )
    return tuple(pairs)
