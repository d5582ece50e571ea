"""The names that people know from the design documents are there, and do their part."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import pytest

from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.context.inputs import ProjectSettings, UserPreferences
from ai_video_editor.context.record import ProcessingMetrics
from ai_video_editor.errors import InputError, MediaError
from ai_video_editor.operations.checkpoints import CheckpointManager
from ai_video_editor.operations.recovery import (
    preserve_context_on_error,
    recover_partial_processing,
)
from ai_video_editor.operations.run_record import saved_context
from ai_video_editor.stages import WorkflowStage
from ai_video_editor.store import Store

NAMES = {
    "context.content_context": ["ContentContext"],
    "context.inputs": ["UserPreferences", "ProjectSettings", "ContentType"],
    "context.record": ["ProcessingMetrics", "ProcessingError"],
    "context.audio": ["AudioAnalysisResult"],
    "context.video": ["VisualHighlight"],
    "context.content": ["EmotionalPeak", "TrendingKeywords"],
    "context.plan": [
        "AIDirectorPlan", "EditingDecision", "BRollOpportunity", "BRollPlan", "MetadataStrategy",
    ],
    "context.outputs": ["ComposedVideo", "BRollAsset", "ThumbnailPackage", "MetadataVariation"],
    "stages": ["WorkflowStage"],
    "workflow.orchestrator": ["WorkflowConfiguration", "WorkflowOrchestrator.process_video"],
    "audio.analyzer": ["AudioAnalyzer.analyze_audio"],
    "video.analyzer": ["VideoAnalyzer.analyze_video"],
    "content.analyzer": ["ContentAnalyzer"],
    "content.finance": ["FinancialContentAnalyzer"],
    "intelligence.director.facade": [
        "AIDirector.create_editing_plan", "FinancialVideoEditor.create_editing_plan",
        "BRollAnalyzer.analyze",
    ],
    "intelligence.director.templates": ["PromptTemplates"],
    "intelligence.research": ["TrendAnalyzer.analyze_trends"],
    "composition.composer": ["VideoComposer.compose_video"],
    "broll.generator": ["BRollGenerator"],
    "thumbnails.generator": ["ThumbnailGenerator.generate_thumbnail_package"],
    "metadata.generator": ["MetadataGenerator"],
    "operations.recovery": ["preserve_context_on_error", "recover_partial_processing"],
    "operations.checkpoints": [
        "CheckpointManager.save_checkpoint", "CheckpointManager.load_checkpoint",
        "CheckpointManager.list_available_checkpoints",
    ],
    "operations.degradation": [
        "GracefulDegradationManager.handle_failure",
        "GracefulDegradationController.apply_degradation",
    ],
    "operations.messages": ["ErrorMessageFormatter.format_for_user"],
    "operations.advice": ["RecoverySuggestionEngine.suggest_recovery_actions"],
    "cli.interactive": ["InteractiveErrorResolver.resolve_error_interactively"],
    "operations.error_log": ["ErrorTracker.log_error", "ErrorTracker.generate_error_report"],
    "operations.prediction": ["ErrorPredictor.predict_potential_errors"],
    "operations.validation": ["FileValidator.validate_video_file", "ValidationResult"],
    "operations.limits": ["APIKeyValidator", "ResourceLimitValidator", "PathValidator"],
    "operations.meters": ["ResourceUsage"],
    "operations.resources": ["ResourceManager.allocate_resources"],
    "operations.quality": ["QualityManager.adjust_for_constraints"],
    "operations.monitoring": [
        "PerformanceMonitor.monitor_stage", "PerformanceMetric", "monitor_resources",
    ],
    "operations.analytics": [
        "AnalyticsCollector.collect_processing_analytics", "ProcessingAnalytics",
    ],
    "operations.configuration": [
        "ConfigurationManager.get_configuration", "ConfigurationManager.validate_configuration",
    ],
    "cache": ["CacheManager.get_or_compute"],
    "plugins.base": ["BaseProcessor"],
    "plugins.manager": [
        "PluginManager.register_plugin", "PluginManager.register_hook",
        "PluginManager.execute_hooks",
    ],
}  # fmt: skip

WAITS = ("process_video", "create_editing_plan", "analyze_trends", "get_or_compute")
"""Methods that wait on the network or on a whole run."""


@pytest.mark.parametrize(
    ("room", "name"), [(room, name) for room, names in NAMES.items() for name in names]
)
def test_a_name_is_there_says_what_it_is_and_waits_only_where_it_must(room: str, name: str) -> None:
    found = importlib.import_module(f"ai_video_editor.{room}")
    for part in name.split("."):
        found = getattr(found, part)
    assert inspect.getdoc(found)
    method = name.partition(".")[2]
    if method:
        assert inspect.iscoroutinefunction(found) == (method in WAITS)


def test_the_stages_are_the_documents_ten_and_research() -> None:
    assert len(WorkflowStage) == 11
    assert WorkflowStage.RESEARCH in WorkflowStage


def test_metrics_grow_without_changing_what_was() -> None:
    before = ProcessingMetrics()
    after = before.add_recovery_action("resumed").add_degradation_applied("reduced_quality")
    after = after.add_fallback_used("research", "content", "search", "it was down")
    assert (before.recovery_actions, before.fallbacks_used) == ((), ())
    assert after.recovery_actions == ("resumed",)
    assert after.fallbacks_used[0].instead_of == "search"


def test_a_project_knows_what_it_was_made_with() -> None:
    context = ContentContext(
        project_id="talk-1", user_preferences=UserPreferences(pace="tight", content_type=None)
    )
    assert isinstance(context.project_settings, ProjectSettings)
    assert context.project_settings.preferences.pace == "tight"


def test_a_checkpoint_that_was_saved_can_be_loaded_and_gone_on_from(tmp_path: Path) -> None:
    manager = CheckpointManager(Store(tmp_path))
    context = ContentContext(project_id="talk-1", user_preferences=UserPreferences(pace="gentle"))
    saved = manager.save_checkpoint(context, "audio_analysis")
    assert saved == "talk-1_audio_processing"
    assert manager.load_checkpoint(saved).user_preferences.pace == "gentle"
    left = recover_partial_processing(Store(tmp_path), "talk-1")
    assert left.finished == (WorkflowStage.INITIALIZATION, WorkflowStage.AUDIO_PROCESSING)
    assert left.remaining[0] is WorkflowStage.VIDEO_PROCESSING
    with pytest.raises(InputError, match="no project"):
        recover_partial_processing(Store(tmp_path), "talk-2")


def test_an_error_finds_the_context_safe_on_disk(tmp_path: Path) -> None:
    store = Store(tmp_path)
    context = ContentContext(project_id="talk-1")
    with pytest.raises(MediaError) as caught, preserve_context_on_error(store, context):
        raise MediaError("The tool gave up.")
    assert caught.value.project_id == "talk-1"
    text = saved_context(store, "talk-1").read_text()
    assert ContentContext.from_json(text) == context
