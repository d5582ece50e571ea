"""An ffmpeg command's inputs and filter graph, while they are put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Graph:
    """An ffmpeg command's inputs and filter graph, while it is being put together.

    Attributes:
        inputs: arguments that open the inputs.
        chains: filter chains.
        count: how many inputs there are.
    """

    inputs: list[str] = field(default_factory=list)
    chains: list[str] = field(default_factory=list)
    count: int = 0

    def open(self, arguments: Sequence[str]) -> int:
        """Add an input; its index."""
        self.inputs.extend(arguments)
        self.count += 1
        return self.count - 1

    @property
    def script(self) -> str:
        """The graph as ffmpeg reads it from a file."""
        return ";\n".join(self.chains) + "\n"
