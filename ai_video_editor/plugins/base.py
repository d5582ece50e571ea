"""What a plugin is written against: the call it gets, and the class it derives from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeAlias

from ai_video_editor.context.base import MediaRef

Role = Literal["replace", "follow"]
"""Whether a processor does a stage's work itself, or goes on from what the stage made."""

Changes: TypeAlias = Mapping[str, Any] | None
"""Section name to its new value, a model or JSON values; None and empty change nothing."""


class Sections(Mapping[str, Any]):
    """Sections of the context by name, each read when it is asked for, a fresh copy every time.

    Args:
        names: the sections that there are.
        read: gives one by its name.
    """

    def __init__(self, names: frozenset[str], read: Callable[[str], Any]) -> None:
        """Read nothing yet."""
        self._names = names
        self._read = read

    def __getitem__(self, name: str) -> Any:
        if name not in self._names:
            raise KeyError(name)
        return self._read(name)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._names))

    def __len__(self) -> int:
        return len(self._names)


@dataclass(frozen=True)
class StageCall:
    """A stage at the moment when a plugin is called.

    Attributes:
        stage: its name, with its part as `thumbnail_generation-preparation` has one.
        project_id: the project.
        sections: what the stage reads and, after its work, what it filled.
        may_change: the sections that the plugin may give anew.
        path: where a file that a section names lies.
        keep: moves a finished file into the store, and gives the reference for a section.
    """

    stage: str
    project_id: str
    sections: Mapping[str, Any]
    may_change: frozenset[str]
    path: Callable[[MediaRef], Path]
    keep: Callable[[Path], MediaRef]


Hook: TypeAlias = Callable[[StageCall], Changes | Awaitable[Changes]]


class BaseProcessor(ABC):
    """A plugin that does a stage's work, or goes on from it. Every method may be `async`.

    One object serves all stages and threads of a process: it keeps nothing between two calls.

    Attributes:
        stage: name of the stage, with its part where it has one.
        role: `replace` fills all sections of the stage; `follow` may change some of them.
        name: for people; that of the class where it is empty.
    """

    stage: ClassVar[str]
    role: ClassVar[Role] = "follow"
    name: ClassVar[str] = ""

    @abstractmethod
    def process(self, call: StageCall) -> Changes | Awaitable[Changes]:
        """Give the sections that are new; raise to say that it cannot be done."""

    def validate_input(self, call: StageCall) -> bool | Awaitable[bool]:
        """Whether this film is one for the plugin; where not, it is left out without a word."""
        return True

    def get_processing_metrics(self) -> Mapping[str, float] | Awaitable[Mapping[str, float]]:
        """Measurements of the last `process`: `memory_mb` and `api_calls` are kept."""
        return {}
