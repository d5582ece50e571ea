"""A stage with the plugins that are registered for it, and what of them enters its key.

In order: hooks before it, then a processor that replaces it or else the stage's own, then the
processors that follow it, then hooks after it. What a plugin changes before a stage is seen by that
stage alone; what it changes afterwards is the stage's result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from ai_video_editor.context.content_context import section_adapter
from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.context.record import Degradation, ModuleMetrics
from ai_video_editor.intelligence.plan_file import fitting, plan_as_file
from ai_video_editor.plugins.base import Sections, StageCall
from ai_video_editor.plugins.containment import Limit, PluginFaultError
from ai_video_editor.plugins.discovery import Found, find_plugins
from ai_video_editor.plugins.manager import Called
from ai_video_editor.redaction import Redactor
from ai_video_editor.section_view import SectionView
from ai_video_editor.settings import Settings
from ai_video_editor.stages import Stage
from ai_video_editor.store import media_refs
from tasks.deadline import within
from tasks.records import PluginRecord, StageResult

_PLAN = "ai_director_plan"

_OF_THE_PLAN: dict[str, Callable[[AIDirectorPlan], Any]] = {
    "editing_decisions": lambda plan: plan.decisions,
    "broll_plans": lambda plan: plan.broll,
    "metadata_strategy": lambda plan: plan.metadata_strategy,
}
"""Sections that repeat a part of the plan: who changes the plan changes them."""


def plugins_of(settings: Settings) -> Found:
    """The plugins that a run with these settings has."""
    folder = settings.paths.plugins or settings.paths.home / "plugins"
    return find_plugins(folder.expanduser().absolute(), _limit(settings))


def _limit(settings: Settings) -> Limit:
    return partial(within, settings.run.plugin_timeout)


def fingerprints(stage: Stage, settings: Settings) -> list[list[str]]:
    """Name, place, version and code hash of every plugin of a stage: part of its result's key."""
    return plugins_of(settings).plugins.fingerprints(stage.key)


def plugin_notes(settings: Settings) -> tuple[str, ...]:
    """A sentence for each plugin that could not be loaded."""
    return tuple(
        f"The plugin {name} was left out: {_told(reason)}."
        for name, reason in plugins_of(settings).faults
    )


def plugin_faults(stage: Stage, result: StageResult) -> tuple[Degradation, ...]:
    """The plugins that failed in a stage, as what was wanted and could not be had."""
    return tuple(
        Degradation(
            stage=str(stage.name),
            used=record["used"],
            instead_of=f"plugin {record['name']}",
            reason=record["fault"],
        )
        for record in result.get("plugins", ())
        if record["fault"] is not None
    )


def plugin_metrics(stage: str, result: StageResult) -> tuple[ModuleMetrics, ...]:
    """What each plugin took in a stage."""
    return tuple(
        ModuleMetrics(
            module=f"{stage} plugin {record['name']}",
            seconds=record["seconds"],
            memory_mb=record["figures"].get("memory_mb", 0.0),
            api_calls=int(record["figures"].get("api_calls", 0)),
        )
        for record in result.get("plugins", ())
    )


def _told(reason: str) -> str:
    """A plugin's words without secrets: they stand in records, summaries and reports."""
    return Redactor(homes=False).text(reason)


class PluggedStage:
    """One stage's work with its plugins around it.

    Args:
        view: what the stage sees.
        settings: of the run.

    Attributes:
        told: how every call of a plugin went.
        replaced_by: name of the plugin that did the stage's work; None where the stage did.
    """

    def __init__(self, view: SectionView, settings: Settings) -> None:
        """Find the stage's plugins."""
        self.told: list[PluginRecord] = []
        self.replaced_by: str | None = None
        self._view = view
        self._settings = settings
        self._plugins = plugins_of(settings).plugins
        self._how: dict[str, Any] = {"limit": _limit(settings), "accept": self._accepted}

    def carry_out(self, processor: str, work: Callable[[SectionView, Settings], None]) -> None:
        """Do the stage's work, with what plugins do before, instead and after.

        Args:
            processor: name of the stage's own processor.
            work: what it does.

        Raises:
            RunInterruptedError: the run was asked to stop.
            EditorError: whatever `work` raises; never what a plugin does.
        """
        key = self._view.stage.key
        if not self._plugins.touches(key):
            work(self._view, self._settings)
            return
        self._take_before(
            self._plugins.execute_hooks(f"before_{key}", self._earlier(), **self._how)
        )
        self._replace(processor)
        if self.replaced_by is None:
            work(self._view, self._settings)
        self._take_after(
            self._plugins.execute_processors("follow", self._later(), **self._how), "nothing"
        )
        self._take_after(
            self._plugins.execute_hooks(f"after_{key}", self._later(), **self._how), "nothing"
        )

    # what plugins see

    def _earlier(self) -> StageCall:
        """The call before the stage's work: it may change what the stage reads."""
        reads = frozenset(self._view.stage.reads)
        return self._call(reads, reads)

    def _later(self) -> StageCall:
        """The call in the stage's place and after it: it may change what the stage fills."""
        fills = frozenset(self._view.stage.fills)
        changes = fills - _OF_THE_PLAN.keys() if _PLAN in fills else fills
        return self._call(frozenset(self._view.stage.reads) | fills, changes)

    def _call(self, names: frozenset[str], may_change: frozenset[str]) -> StageCall:
        view = self._view
        return StageCall(
            stage=view.stage.key,
            project_id=view.ref.project_id,
            sections=Sections(names, self._section),
            may_change=may_change,
            path=view.path,
            keep=view.keep,
        )

    def _section(self, name: str) -> Any:
        """A copy, so that nothing a plugin does to it is anybody else's."""
        if name in self._view.filled:
            adapter = section_adapter(name)
            return adapter.validate_json(adapter.dump_json(self._view.filled[name]))
        if name in self._view.stage.reads:
            return self._view.read(name)
        raise KeyError(name)

    # what they did

    def _take_before(self, calls: Iterable[Called]) -> None:
        for called in calls:
            self._tell(called, "nothing")
            sections = {
                name: self._view.store.put_section(name, value)
                for name, value in called.changed.items()
            }
            ref = self._view.ref
            self._view.ref = ref.model_copy(update={"sections": {**ref.sections, **sections}})

    def _replace(self, processor: str) -> None:
        for called in self._plugins.execute_processors("replace", self._later(), **self._how):
            self._tell(called, processor)
            if called.changed:
                self._fill(called.changed)
                self.replaced_by = called.plugin
                self._view.nothing_lost = True
                return

    def _take_after(self, calls: Iterable[Called], used: str) -> None:
        for called in calls:
            self._tell(called, used)
            self._fill(called.changed)

    def _fill(self, changed: Any) -> None:
        for name, value in changed.items():
            self._view.fill(name, value)
        if _PLAN in changed:
            for name in _OF_THE_PLAN.keys() & frozenset(self._view.stage.fills):
                self._view.fill(name, _OF_THE_PLAN[name](changed[_PLAN]))

    def _tell(self, called: Called, used: str) -> None:
        if called.declined:
            return
        self.told.append(
            {
                "name": called.plugin,
                "seconds": round(called.seconds, 3),
                "used": used,
                "fault": None if called.fault is None else _told(called.fault),
                "figures": dict(called.figures),
            }
        )

    def _accepted(self, changes: dict[str, Any]) -> dict[str, Any]:
        """Changes whose files are in the store and whose plan is about these recordings."""
        for name, value in changes.items():
            known = {ref.sha256 for ref in media_refs(self._known(name))}
            for ref in media_refs(value):
                if ref.sha256 not in known and not self._view.store.media_is_whole(ref):
                    raise PluginFaultError(
                        f"the {name} it gave names a file that is not in the store: give it to "
                        "`keep` first"
                    )
        if changes.get(_PLAN) is None:
            return changes
        plan = fitting(plan_as_file(changes[_PLAN], "the plan it gave"), self._view.ref.inputs)
        return {**changes, _PLAN: plan}

    def _known(self, name: str) -> Any:
        try:
            return self._section(name)
        except KeyError:
            return None
