"""Texts that the director wrote take their place beside the film."""

from __future__ import annotations

from ai_video_editor.context.outputs import MetadataPackage
from ai_video_editor.context.plan import AIDirectorPlan, MetadataCopy, PromiseCopy
from ai_video_editor.intelligence.director.rules import create_editing_plan
from ai_video_editor.metadata import limits
from ai_video_editor.metadata.generator import MetadataGenerator, prepare
from tests.talks import MONEY_TALK, talk, understood

OPENING = "Fees are the silent killer of your portfolio. See what an index fund changes."
COPY = MetadataCopy(
    titles=("A Simple Guide to Index Funds",),
    promises=(
        PromiseCopy(
            strategy="emotional",
            description=OPENING,
            tags=("index fund fees",),
            pinned_comment="What fees do\nyou pay? <b>",
        ),
    ),
)


def made(copy: MetadataCopy) -> tuple[AIDirectorPlan, MetadataPackage]:
    audio, duration = talk(MONEY_TALK)
    material, found = understood(audio, duration)
    plan = create_editing_plan(material, pace="normal", max_removed_share=0.6)
    plan = plan.model_copy(update={"metadata_copy": copy})
    package = MetadataGenerator().generate(
        plan,
        prepare(found.concepts, found.themes, found.summary, audio),
        None,
        found.concepts,
        content_type=found.content_type,
        summary=found.summary,
        audio=audio,
        metadata=material.metadata,
    )
    return plan, package


def test_written_texts_are_used_and_the_other_strategies_keep_their_templates() -> None:
    _, plain = made(MetadataCopy())
    _, package = made(COPY)
    by_strategy = {v.strategy: v for v in package.variations}
    emotional = by_strategy["emotional"]
    assert emotional.description.startswith(OPENING)
    assert emotional.pinned_comment == "What fees do you pay? b"
    assert by_strategy["curiosity"] in plain.variations
    assert "index fund fees" in package.tags
    assert "A Simple Guide to Index Funds" in package.titles
    assert (plain.method, package.method) == ("templates", "gemini")


def test_written_texts_keep_youtubes_limits() -> None:
    long = COPY.promises[0].model_copy(
        update={"description": "word " * 2000, "tags": tuple(f"tag number {n}" for n in range(99))}
    )
    _, package = made(MetadataCopy(promises=(long,)))
    assert all(limits.description_faults(d) == [] for d in package.descriptions)
    assert limits.tags_faults(package.tags) == []


def test_a_plan_without_written_texts_is_read_as_before() -> None:
    plan, _ = made(MetadataCopy())
    data = plan.model_dump(mode="json")
    del data["metadata_copy"]
    assert AIDirectorPlan.model_validate(data).metadata_copy == MetadataCopy()
