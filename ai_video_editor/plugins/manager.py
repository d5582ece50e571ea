"""Which plugins there are for which stage, and how they are called: one at a time, contained.

A plugin that raises, takes too long or gives rubbish changes nothing: what it did is a fault with
its name and a reason.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any

from ai_video_editor.errors import InputError
from ai_video_editor.plugins.base import BaseProcessor, Hook, Role, StageCall
from ai_video_editor.plugins.changes import fitting_changes
from ai_video_editor.plugins.containment import Limit, PluginFaultError, contained, unlimited
from ai_video_editor.stages import TABLE, parse_stage

Accept = Callable[[dict[str, Any]], dict[str, Any]]
"""Last look at changes that fit their schemas; raises `PluginFaultError` or one of our errors."""

_FIGURES = ("memory_mb", "api_calls")


@dataclass(frozen=True)
class Origin:
    """Where a plugin comes from.

    Attributes:
        name: of the file, the folder or the entry point.
        version: as it says itself; empty where it does not.
        code: hash of its files, hex.
    """

    name: str
    version: str = ""
    code: str = ""


@dataclass(frozen=True)
class Called:
    """One call of a plugin.

    Attributes:
        plugin: its name.
        seconds: how long it took.
        changed: sections that it gave anew.
        fault: why what it did does not count; None where it does.
        figures: what it measured of itself.
        declined: whether it said that this film is none for it.
    """

    plugin: str
    seconds: float = 0.0
    changed: Mapping[str, Any] = field(default_factory=dict)
    fault: str | None = None
    figures: Mapping[str, float] = field(default_factory=dict)
    declined: bool = False


@dataclass(frozen=True)
class _Entry:
    name: str
    place: str
    origin: Origin
    hook: Hook | None = None
    processor: BaseProcessor | None = None


def hook_name(moment: str, stage: str) -> str:
    """Name of a hook: `before_research`, `after_thumbnail_generation-preparation`.

    Raises:
        InputError: no such moment or stage.
    """
    if moment not in ("before", "after"):
        raise InputError(f"A hook is before or after a stage, not {moment!r}.")
    name, _, part = stage.partition("-")
    key = f"{parse_stage(name)}-{part}" if part else str(parse_stage(name))
    if key not in {row.key for row in TABLE}:
        raise InputError(f"There is no stage {stage!r}.")
    return f"{moment}_{key}"


class PluginManager:
    """Plugins by stage, in the order in which they were registered.

    Args:
        origin: where those that are registered here come from.
    """

    def __init__(self, origin: Origin | None = None) -> None:
        """Begin with none."""
        self._entries: list[_Entry] = []
        self._origin = origin or Origin("program")

    def register_plugin(self, plugin: BaseProcessor) -> None:
        """Take a processor in.

        Raises:
            InputError: it is none, or its stage or role does not exist.
        """
        if not isinstance(plugin, BaseProcessor):
            raise InputError(f"{plugin!r:.80} is not a BaseProcessor.")
        if plugin.role not in ("replace", "follow"):
            raise InputError(f"A processor replaces or follows a stage, not {plugin.role!r:.40}.")
        stage = hook_name("after", str(getattr(plugin, "stage", ""))).removeprefix("after_")
        name = plugin.name or type(plugin).__name__
        self._entries.append(
            _Entry(self._named(name), f"{plugin.role}_{stage}", self._origin, processor=plugin)
        )

    def register_hook(self, name: str, hook: Hook) -> None:
        """Take a hook in.

        Args:
            name: `before_STAGE` or `after_STAGE`.
            hook: a function or a coroutine function of a `StageCall`.

        Raises:
            InputError: no such stage, or the hook cannot be called.
        """
        moment, _, stage = name.partition("_")
        place = hook_name(moment, stage)
        if not callable(hook):
            raise InputError(f"The hook {name} cannot be called.")
        label = str(getattr(hook, "__name__", type(hook).__name__))
        self._entries.append(_Entry(self._named(label), place, self._origin, hook=hook))

    def add(self, others: PluginManager) -> None:
        """Take in all that others have, behind our own."""
        self._entries.extend(others._entries)

    def _named(self, name: str) -> str:
        return name if name == self._origin.name else f"{self._origin.name}.{name}"

    def touches(self, stage: str) -> bool:
        """Whether anything is registered for a stage, by its key."""
        return any(entry.place.partition("_")[2] == stage for entry in self._entries)

    def fingerprints(self, stage: str) -> list[list[str]]:
        """What of the plugins enters the key of a stage's result: name, place, version, code."""
        return [
            [entry.name, entry.place, entry.origin.version, entry.origin.code]
            for entry in self._entries
            if entry.place.partition("_")[2] == stage
        ]

    def execute_hooks(
        self,
        name: str,
        call: StageCall,
        *,
        limit: Limit = unlimited,
        accept: Accept = dict,
    ) -> Iterator[Called]:
        """Call the hooks of a name one by one; what one changed is for the caller to show the next.

        Args:
            name: `before_STAGE` or `after_STAGE`.
            call: what they are given.
            limit: how long each may take.
            accept: last look at what each gave.

        Raises:
            RunInterruptedError: the run was asked to stop.
        """
        for entry in self._at(name):
            if entry.hook is not None:
                yield _called(entry.name, _Hooked(entry.hook), call, limit, accept)

    def execute_processors(
        self,
        role: Role,
        call: StageCall,
        *,
        limit: Limit = unlimited,
        accept: Accept = dict,
    ) -> Iterator[Called]:
        """Call the processors of a role for a stage one by one; see `execute_hooks`."""
        for entry in self._at(f"{role}_{call.stage}"):
            if entry.processor is not None:
                yield _called(entry.name, entry.processor, call, limit, accept)

    def _at(self, place: str) -> list[_Entry]:
        return [entry for entry in self._entries if entry.place == place]


class _Hooked(BaseProcessor):
    """A hook as a processor."""

    def __init__(self, hook: Hook) -> None:
        self._hook = hook

    def process(self, call: StageCall) -> Any:
        return self._hook(call)


def _called(
    name: str, plugin: BaseProcessor, call: StageCall, limit: Limit, accept: Accept
) -> Called:
    """Call a plugin; nothing it does gets past here but a request to stop the run."""

    def work() -> tuple[dict[str, Any], dict[str, float]] | None:
        if not _awaited(plugin.validate_input(call)):
            return None
        given = _awaited(plugin.process(call))
        changes = accept(fitting_changes(given, call.may_change))
        _require_all(plugin, changes, call)
        return changes, _figures(_awaited(plugin.get_processing_metrics()))

    began = time.monotonic()
    try:
        done = contained(name, work, limit)
    except PluginFaultError as error:
        return Called(name, time.monotonic() - began, fault=str(error))
    seconds = time.monotonic() - began
    if done is None:
        return Called(name, seconds, declined=True)
    return Called(name, seconds, changed=done[0], figures=done[1])


def _require_all(plugin: BaseProcessor, changes: Mapping[str, Any], call: StageCall) -> None:
    missing = call.may_change - changes.keys()
    if plugin.role == "replace" and missing:
        raise PluginFaultError(f"it did not give {', '.join(sorted(missing))}")


def _awaited(value: Any) -> Any:
    if not isawaitable(value):
        return value

    async def wait() -> Any:
        return await value

    return asyncio.run(wait())


def _figures(given: Any) -> dict[str, float]:
    if not isinstance(given, Mapping):
        raise PluginFaultError("its measurements are not numbers by name")
    found: dict[str, float] = {}
    for name in _FIGURES:
        value = given.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
            raise PluginFaultError(f"its measurement {name} is not a number of use")
        found[name] = float(value)
    return found
