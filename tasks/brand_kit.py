"""The brand kit of a run: which stages wear it, and what of it enters their keys."""

from __future__ import annotations

from pathlib import Path

from ai_video_editor.digests import hash_file
from ai_video_editor.look.brand import Brand, load_brand
from ai_video_editor.settings import Settings
from ai_video_editor.stages import Stage


def brand_of(stage: Stage, settings: Settings) -> Brand | None:
    """The kit that a stage wears; None where it draws nothing or none was given.

    Raises:
        InputError: the kit cannot be used.
    """
    given = settings.look.brand
    return load_brand(given) if given is not None and stage.branded else None


def brand_hashes(path: Path) -> list[str]:
    """Hashes of a kit and of the fonts and the logo that it names, in order.

    Raises:
        InputError: the kit cannot be used.
    """
    return [hash_file(path), *(hash_file(file) for file in load_brand(path).files)]
