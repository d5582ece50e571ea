"""The stage table: what each stage reads, what it fills, which settings it uses, its version.

This table is the truth behind the keys of persisted results: a stage's key is its name, its
version, the processor, and the hashes of exactly the sections and settings named here. A section
that is not named cannot be read (`store.SectionView`), so the table stays true.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ai_video_editor.errors import InputError


class WorkflowStage(StrEnum):
    """Names of the stages, as the CLI, the UI and the checkpoints use them."""

    INITIALIZATION = "initialization"
    AUDIO_PROCESSING = "audio_processing"
    VIDEO_PROCESSING = "video_processing"
    CONTENT_ANALYSIS = "content_analysis"
    RESEARCH = "research"
    INTELLIGENCE_LAYER = "intelligence_layer"
    BROLL_GENERATION = "broll_generation"
    THUMBNAIL_GENERATION = "thumbnail_generation"
    METADATA_GENERATION = "metadata_generation"
    VIDEO_COMPOSITION = "video_composition"
    FINALIZATION = "finalization"


ALIASES = {
    "audio_analysis": WorkflowStage.AUDIO_PROCESSING,
    "video_analysis": WorkflowStage.VIDEO_PROCESSING,
    "keyword_research": WorkflowStage.RESEARCH,
}
"""The design documents' other names."""


@dataclass(frozen=True)
class Stage:
    """One row of the table.

    Attributes:
        name: the stage it belongs to.
        part: "" for the stage itself, else the name of a preparing task of the same stage.
        after: stages that come before it.
        reads: sections it may read.
        fills: sections it must fill.
        settings: settings it uses, as `group.name`; they enter its key.
        processors: primary first, then the declared fallbacks.
        version: raise it when the same inputs would give another result.
        optional: whether the run goes on without it when all its processors failed.
        only_with: setting that asks for it, as `group.name`; it is always run when empty.
        branded: whether it draws, so that the brand kit is worn and its files enter the key.
    """

    name: WorkflowStage
    after: tuple[WorkflowStage, ...]
    reads: tuple[str, ...]
    fills: tuple[str, ...]
    processors: tuple[str, ...]
    settings: tuple[str, ...] = ()
    part: str = ""
    version: int = 1
    optional: bool = False
    only_with: str = ""
    branded: bool = False

    @property
    def key(self) -> str:
        """Folder of its persisted results."""
        return f"{self.name}-{self.part}" if self.part else str(self.name)


_S = WorkflowStage

_MATERIAL = (
    "video_files",
    "video_metadata",
    "user_preferences",
    "audio_analysis",
    "video_analysis",
    "visual_highlights",
    "content_type",
    "content_summary",
    "key_concepts",
    "content_themes",
    "emotional_markers",
    "trending_keywords",
)
"""What a director decides from."""

_RENDERING = (
    "processing_preferences.quality_level",
    "composition.loudness",
    "composition.max_gain",
    "composition.edge_fade",
    "composition.render",
    "composition.codec",
    "composition.encoder",
    "composition.aspect",
    "composition.burn_captions",
    "composition.denoise",
    "composition.voice_eq",
    "composition.grade",
    "composition.denoise_picture",
    "audio.audio_track",
)
"""What a film and a clip of it are rendered with."""

TABLE: tuple[Stage, ...] = (
    Stage(
        _S.INITIALIZATION,
        after=(),
        reads=(),
        fills=("video_files", "video_metadata", "user_preferences"),
        processors=("probe",),
        settings=("preferences.content_type", "preferences.pace", "preferences.language"),
    ),
    Stage(
        _S.AUDIO_PROCESSING,
        after=(_S.INITIALIZATION,),
        reads=("video_files", "user_preferences"),
        fills=("audio_analysis",),
        processors=("imported", "whisper", "sphinx", "speech_only"),
        version=3,
        settings=(
            "audio.whisper_model",
            "audio.vocabulary",
            "audio.audio_track",
            "audio.decode_window",
            "run.checkpoint_interval",
            "preferences.language",
        ),
        optional=True,
    ),
    Stage(
        _S.VIDEO_PROCESSING,
        after=(_S.INITIALIZATION,),
        reads=("video_files",),
        fills=("video_analysis", "visual_highlights"),
        processors=("full", "sparse"),
        version=3,
        settings=("video.face_model", "video.analysis_height", "video.analysis_rate"),
        optional=True,
    ),
    Stage(
        _S.CONTENT_ANALYSIS,
        after=(_S.AUDIO_PROCESSING, _S.VIDEO_PROCESSING),
        reads=(
            "audio_analysis",
            "video_analysis",
            "visual_highlights",
            "video_metadata",
            "user_preferences",
        ),
        fills=(
            "content_type",
            "content_summary",
            "key_concepts",
            "content_themes",
            "emotional_markers",
        ),
        processors=("full", "transcript", "structure"),
        version=4,
    ),
    Stage(
        _S.RESEARCH,
        after=(_S.CONTENT_ANALYSIS,),
        reads=(
            "key_concepts",
            "content_themes",
            "content_summary",
            "content_type",
            "video_metadata",
        ),
        fills=("trending_keywords",),
        processors=("search", "cached", "content"),
    ),
    Stage(
        _S.THUMBNAIL_GENERATION,
        part="preparation",
        after=(_S.CONTENT_ANALYSIS,),
        reads=("visual_highlights", "emotional_markers"),
        fills=("thumbnail_preparation",),
        processors=("cutouts",),
        version=3,
        optional=True,
    ),
    Stage(
        _S.METADATA_GENERATION,
        part="preparation",
        after=(_S.CONTENT_ANALYSIS,),
        reads=("key_concepts", "content_themes", "content_summary", "audio_analysis"),
        fills=("metadata_preparation",),
        processors=("topics",),
        version=2,
        optional=True,
    ),
    Stage(
        _S.INTELLIGENCE_LAYER,
        after=(_S.RESEARCH,),
        reads=_MATERIAL,
        fills=("ai_director_plan", "editing_decisions", "broll_plans", "metadata_strategy"),
        processors=("given", "gemini", "rules"),
        version=7,
        settings=(
            "preferences.pace",
            "director.gemini_model",
            "director.max_removed_share",
            "look.characters",
        ),
    ),
    Stage(
        _S.INTELLIGENCE_LAYER,
        part="shorts",
        after=(_S.INTELLIGENCE_LAYER,),
        reads=(*_MATERIAL, "ai_director_plan"),
        fills=("planned_shorts",),
        processors=("best", "none"),
        settings=("composition.shorts",),
        only_with="composition.shorts",
    ),
    Stage(
        _S.BROLL_GENERATION,
        after=(_S.INTELLIGENCE_LAYER,),
        reads=("ai_director_plan", "video_metadata", "audio_analysis"),
        branded=True,
        fills=("generated_broll",),
        processors=("blender", "movis", "still_card"),
        version=5,
        settings=(
            "processing_preferences.quality_level",
            "composition.aspect",
            "composition.burn_captions",
        ),
        optional=True,
    ),
    Stage(
        _S.BROLL_GENERATION,
        part="shorts",
        after=(_S.INTELLIGENCE_LAYER,),
        reads=("ai_director_plan", "planned_shorts", "video_metadata", "audio_analysis"),
        branded=True,
        fills=("shorts_broll",),
        processors=("blender", "movis", "still_card", "none"),
        version=4,
        settings=("processing_preferences.quality_level", "composition.aspect"),
        only_with="composition.shorts",
    ),
    Stage(
        _S.THUMBNAIL_GENERATION,
        after=(_S.INTELLIGENCE_LAYER,),
        reads=(
            "ai_director_plan",
            "visual_highlights",
            "thumbnail_preparation",
            "content_type",
            "video_metadata",
        ),
        branded=True,
        fills=("thumbnail_package",),
        processors=("imagen", "procedural"),
        version=3,
        settings=("processing_preferences.thumbnail_resolution",),
        optional=True,
    ),
    Stage(
        _S.METADATA_GENERATION,
        after=(_S.INTELLIGENCE_LAYER,),
        reads=(*_MATERIAL, "ai_director_plan", "metadata_preparation"),
        fills=("metadata_variations",),
        processors=("gemini", "templates"),
        version=3,
        settings=("director.chosen_title",),
        optional=True,
    ),
    Stage(
        _S.VIDEO_COMPOSITION,
        after=(_S.BROLL_GENERATION,),
        reads=(
            "video_files",
            "video_metadata",
            "audio_analysis",
            "video_analysis",
            "content_type",
            "ai_director_plan",
            "generated_broll",
        ),
        branded=True,
        fills=("composed_video",),
        processors=("film", "plain_cuts", "reencode"),
        version=7,
        settings=_RENDERING,
    ),
    Stage(
        _S.VIDEO_COMPOSITION,
        part="shorts",
        after=(_S.VIDEO_COMPOSITION,),
        reads=(
            "video_files",
            "video_metadata",
            "audio_analysis",
            "video_analysis",
            "content_type",
            "ai_director_plan",
            "planned_shorts",
            "shorts_broll",
        ),
        branded=True,
        fills=("composed_shorts",),
        processors=("all", "possible", "none"),
        version=3,
        settings=_RENDERING,
        only_with="composition.shorts",
    ),
    Stage(
        _S.FINALIZATION,
        after=(_S.VIDEO_COMPOSITION, _S.THUMBNAIL_GENERATION, _S.METADATA_GENERATION),
        reads=(
            "video_files",
            "video_metadata",
            "user_preferences",
            "audio_analysis",
            "video_analysis",
            "visual_highlights",
            "content_type",
            "content_summary",
            "key_concepts",
            "content_themes",
            "emotional_markers",
            "trending_keywords",
            "ai_director_plan",
            "editing_decisions",
            "broll_plans",
            "metadata_strategy",
            "generated_broll",
            "thumbnail_package",
            "metadata_variations",
            "composed_video",
            "planned_shorts",
            "composed_shorts",
        ),
        fills=("delivery",),
        processors=("package",),
        version=5,
        settings=("audio.audio_track", "director.chosen_thumbnail"),
    ),
)


def stage(name: WorkflowStage | str, part: str = "") -> Stage:
    """The table's row of a stage, by any of its names.

    Raises:
        InputError: there is no such stage.
    """
    known = parse_stage(name)
    for row in TABLE:
        if row.name is known and row.part == part:
            return row
    raise InputError(f"The stage {known} has no part {part!r}.")


def parse_stage(name: str) -> WorkflowStage:
    """A stage by its name or one of the design documents' other names.

    Raises:
        InputError: there is no such stage; the message lists them.
    """
    if name in ALIASES:
        return ALIASES[name]
    try:
        return WorkflowStage(name)
    except ValueError:
        raise InputError(
            f"There is no stage {name!r}. The stages are: {', '.join(WorkflowStage)}."
        ) from None


def ancestors(name: WorkflowStage) -> frozenset[WorkflowStage]:
    """The stage and all that must come before it."""
    found = {name}
    for row in TABLE:
        if row.name is name and not row.part:
            for earlier in row.after:
                found |= ancestors(earlier)
    return frozenset(found)


def descendants(name: WorkflowStage) -> frozenset[WorkflowStage]:
    """The stage and all that follows from it."""
    return frozenset(other for other in WorkflowStage if name in ancestors(other))
