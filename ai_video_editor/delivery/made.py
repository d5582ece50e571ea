"""The files of a project folder while they are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.outputs import NamedFile
from ai_video_editor.errors import RunInterruptedError


@dataclass
class Made:
    """Files of a project folder as they are made.

    Attributes:
        keep: moves a finished file into the store.
        scratch: an empty folder to write in.
        files: what is ready.
        left_out: parts that failed, each with its reason.
    """

    keep: Callable[[Path], MediaRef]
    scratch: Path
    files: list[NamedFile] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def add(self, name: str, content: MediaRef) -> None:
        """A file that is in the store already."""
        self.files.append(NamedFile(path=name, content=content))

    def write(self, name: str, content: str | bytes) -> None:
        """A small file from its content."""
        self.add(name, self.stored(name, content))

    def stored(self, name: str, content: str | bytes) -> MediaRef:
        """The content of a small file in the store; the project folder does not name it yet."""
        path = self.scratch / name.replace("/", "-")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self.keep(path)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """A part that is left out and named when it fails; the others go on."""
        try:
            yield
        except (RunInterruptedError, MemoryError):
            raise
        except Exception as error:
            self.left_out.append(f"{name}: {type(error).__name__}: {error}")
