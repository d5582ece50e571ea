"""The ContentContext: one frozen, versioned record that every stage reads from and adds to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.base import Model
from ai_video_editor.context.content import (
    ContentSummary,
    ContentTheme,
    EmotionalPeak,
    KeyConcept,
    TrendingKeywords,
)
from ai_video_editor.context.inputs import (
    ContentType,
    ProcessingPreferences,
    ProjectSettings,
    UserPreferences,
    VideoFile,
    VideoMetadata,
)
from ai_video_editor.context.outputs import (
    BRollPackage,
    ComposedVideo,
    DeliveryPackage,
    MetadataPackage,
    MetadataPreparation,
    ShortsPackage,
    ThumbnailPackage,
    ThumbnailPreparation,
)
from ai_video_editor.context.plan import (
    AIDirectorPlan,
    BRollOpportunity,
    EditingDecision,
    MetadataStrategy,
    ShortsPlan,
)
from ai_video_editor.context.record import ProcessingError, ProcessingMetrics
from ai_video_editor.context.video import VideoAnalysis, VisualHighlight
from ai_video_editor.errors import ContextIntegrityError, ContextStateError

CONTEXT_SCHEMA_VERSION = 1

MAX_CONTEXT_BYTES = 500 * 1024 * 1024
"""A context above this is refused: frames and sound belong in files, not in it."""


class ContentContext(Model):
    """Everything known of one project. `None` and empty mean "not yet"."""

    schema_version: Literal[1] = 1
    project_id: str
    # from the inputs
    video_files: tuple[VideoFile, ...] = ()
    video_metadata: VideoMetadata | None = None
    content_type: ContentType | None = None
    user_preferences: UserPreferences = UserPreferences()
    processing_preferences: ProcessingPreferences = ProcessingPreferences()
    # analysis
    audio_analysis: AudioAnalysis | None = None
    video_analysis: VideoAnalysis | None = None
    visual_highlights: tuple[VisualHighlight, ...] = ()
    content_summary: ContentSummary | None = None
    emotional_markers: tuple[EmotionalPeak, ...] = ()
    key_concepts: tuple[KeyConcept, ...] = ()
    content_themes: tuple[ContentTheme, ...] = ()
    # intelligence
    trending_keywords: TrendingKeywords | None = None
    cached_keywords: tuple[str, ...] = ()
    ai_director_plan: AIDirectorPlan | None = None
    editing_decisions: tuple[EditingDecision, ...] = ()
    broll_plans: tuple[BRollOpportunity, ...] = ()
    metadata_strategy: MetadataStrategy | None = None
    planned_shorts: ShortsPlan | None = None
    thumbnail_generation_strategy: str | None = None
    # outputs
    thumbnail_preparation: ThumbnailPreparation | None = None
    metadata_preparation: MetadataPreparation | None = None
    generated_broll: BRollPackage | None = None
    thumbnail_package: ThumbnailPackage | None = None
    metadata_variations: MetadataPackage | None = None
    composed_video: ComposedVideo | None = None
    shorts_broll: tuple[BRollPackage, ...] = ()
    composed_shorts: ShortsPackage | None = None
    delivery: DeliveryPackage | None = None
    # the run
    processing_metrics: ProcessingMetrics = ProcessingMetrics()
    error_history: tuple[ProcessingError, ...] = ()
    checkpoints: tuple[str, ...] = ()
    failed_modules: tuple[str, ...] = ()
    current_processing_stage: str | None = None
    completed_stages: tuple[str, ...] = ()

    @property
    def project_settings(self) -> ProjectSettings:
        """What the project was made with."""
        return ProjectSettings(
            preferences=self.user_preferences, processing=self.processing_preferences
        )

    def to_json(self) -> str:
        """The whole context as JSON.

        Raises:
            ContextIntegrityError: larger than 500 MB.
        """
        text = self.model_dump_json(indent=1)
        _check_size(len(text.encode()), self.project_id)
        return text

    @classmethod
    def from_json(cls, text: str | bytes) -> ContentContext:
        """Read a context, upgrading older schema versions.

        Raises:
            ContextIntegrityError: too large, not JSON, of an unknown version, or not a context.
        """
        _check_size(len(text), "the context")
        try:
            data = json.loads(text)
        except ValueError as error:
            raise ContextIntegrityError(f"The context is not readable JSON: {error}.") from error
        if not isinstance(data, dict):
            raise ContextIntegrityError("The context is not a JSON object.")
        try:
            return cls.model_validate(upgrade(data))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise ContextIntegrityError(
                f"The context does not fit schema version {CONTEXT_SCHEMA_VERSION}: "
                f"{place}: {first['msg']}."
            ) from error

    def merged(self, other: ContentContext) -> ContentContext:
        """Both contexts as one; for branches that ran side by side.

        Raises:
            ContextStateError: both filled the same field with different values, or they belong
                to different projects.
        """
        if self.project_id != other.project_id:
            raise ContextStateError(
                f"Contexts of two projects cannot be merged: {self.project_id}, {other.project_id}."
            )
        empty = ContentContext(project_id=self.project_id)
        update: dict[str, Any] = {}
        for name in type(self).model_fields:
            mine, theirs, unset = (getattr(c, name) for c in (self, other, empty))
            if theirs == unset or mine == theirs:
                continue
            if mine != unset:
                raise ContextStateError(f"Two branches filled {name} with different values.")
            update[name] = theirs
        return self.model_copy(update=update)


def upgrade(data: dict[str, Any]) -> dict[str, Any]:
    """The data of an older schema version brought to the present one.

    Raises:
        ContextIntegrityError: the version is missing or not known.
    """
    version = data.get("schema_version")
    if version != CONTEXT_SCHEMA_VERSION:
        raise ContextIntegrityError(
            f"The context has schema version {version!r}; this program reads "
            f"{CONTEXT_SCHEMA_VERSION}. Process the video again to make a new one."
        )
    return data


def _check_size(size: int, what: str) -> None:
    if size > MAX_CONTEXT_BYTES:
        raise ContextIntegrityError(
            f"The context of {what} is {size / 1e6:.0f} MB, over the limit of 500 MB. "
            "Process the video in shorter parts with --segment."
        )


_ADAPTERS: dict[str, TypeAdapter[Any]] = {}


def section_adapter(name: str) -> TypeAdapter[Any]:
    """Validator and serialiser of one section, by its field name.

    Raises:
        ContextStateError: there is no such section.
    """
    if name not in _ADAPTERS:
        field = ContentContext.model_fields.get(name)
        if field is None or field.annotation is None:
            raise ContextStateError(f"There is no section {name!r} in the context.")
        _ADAPTERS[name] = TypeAdapter[Any](field.annotation)
    return _ADAPTERS[name]


def assemble(project_id: str, sections: Mapping[str, Any]) -> ContentContext:
    """The whole context from validated sections."""
    return ContentContext(project_id=project_id, **sections)
