"""What one stage sees of the context."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.errors import ContextStateError
from ai_video_editor.progress import Report, silent
from ai_video_editor.stages import Stage
from ai_video_editor.store import ContextRef, Store


@dataclass
class SectionView:
    """What one stage sees of the context: the sections it declares, the store, its settings.

    Attributes:
        stage: row of the stage table.
        ref: the context up to here.
        store: where sections and files are.
        report: how to say how far it is.
        nothing_lost: set by a processor whose result no other one could better, such as hearing
            a recording without sound: then doing without a better one is no degradation.
        fell_back: set by a processor that had to do in part without what it is named for: what
            stands in, and why.
        again: set where a later run may do better: the result is then not reused.
    """

    stage: Stage
    ref: ContextRef
    store: Store
    report: Report = silent
    nothing_lost: bool = False
    fell_back: tuple[str, str] | None = None
    again: bool = False
    _filled: dict[str, Any] = field(default_factory=dict)

    def read(self, name: str) -> Any:
        """A declared section, validated; its empty value where no stage has filled it.

        Raises:
            ContextStateError: the stage does not declare that it reads this section.
        """
        if name not in self.stage.reads:
            raise ContextStateError(f"The stage {self.stage.key} does not declare to read {name}.")
        key = self.ref.sections.get(name)
        if key is None:
            return ContentContext.model_fields[name].get_default(call_default_factory=True)
        return self.store.get_section(name, key)

    def fill(self, name: str, value: Any) -> None:
        """Give a section of this stage.

        Raises:
            ContextStateError: the stage does not declare that it fills this section.
        """
        if name not in self.stage.fills:
            raise ContextStateError(f"The stage {self.stage.key} does not declare to fill {name}.")
        self._filled[name] = value

    @property
    def filled(self) -> Mapping[str, Any]:
        """What was given so far, by section."""
        return self._filled

    def path(self, media: MediaRef) -> Path:
        """Where a file of the store lies."""
        return self.store.media_path(media)

    def keep(self, path: Path) -> MediaRef:
        """Move a finished file into the store."""
        return self.store.put_media(path)

    def commit(self) -> dict[str, str]:
        """Store what was filled and give section names with their hashes.

        Raises:
            ContextStateError: a declared section was not filled.
            StorageError: an input was changed while the stage worked on it.
        """
        missing = [name for name in self.stage.fills if name not in self._filled]
        if missing:
            raise ContextStateError(
                f"The stage {self.stage.key} did not fill {', '.join(missing)}."
            )
        # the result is kept under the content that the run began with
        self.store.check_inputs_unchanged()
        return {name: self.store.put_section(name, value) for name, value in self._filled.items()}
