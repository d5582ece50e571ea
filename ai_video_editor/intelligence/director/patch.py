"""What a model may answer: improvements of a rule-made plan, each a value that can be checked."""

from __future__ import annotations

from pydantic import BaseModel, Field


class CutProposal(BaseModel):
    """A passage to take out."""

    first: str = Field(description="Place where it begins: sentence, or sentence.word")
    last: str = Field(description="Place of its last sentence or word")
    reason: str
    confidence: float = Field(description="0 to 1")


class ChapterProposal(BaseModel):
    """Where a chapter begins."""

    sentence: int = Field(description="Number of its first sentence")
    title: str


class PromisePatch(BaseModel):
    """What one strategy promises, in all texts that go together."""

    strategy: str = Field(description="emotional, curiosity or authority")
    title: str
    hook_text: str
    description: str
    tags: list[str]
    pinned_comment: str


class EditPatch(BaseModel):
    """What concerns the film."""

    drop_decisions: list[str]
    drop_graphics: list[str]
    cuts: list[CutProposal]
    hooks: list[str]
    chapters: list[ChapterProposal]


class CopyPatch(BaseModel):
    """What concerns the texts beside the film."""

    promises: list[PromisePatch]
    titles: list[str]
    primary_keywords: list[str]
    target_audience: str
    description_approach: str


class PlanPatch(CopyPatch, EditPatch):
    """Both, for a film that fits into one request."""


class PartPatch(EditPatch):
    """One part of a long film."""

    gist: str


def nothing() -> PlanPatch:
    """A patch that leaves the plan as it is."""
    return PlanPatch(
        drop_decisions=[],
        drop_graphics=[],
        cuts=[],
        hooks=[],
        chapters=[],
        promises=[],
        titles=[],
        primary_keywords=[],
        target_audience="",
        description_approach="",
    )
