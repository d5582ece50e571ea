"""A hook: every description ends with your channel's own lines, from `sign_off.txt` beside this.

The text file belongs to the plugin: change it, and the next run writes the metadata anew.
"""

from __future__ import annotations

from pathlib import Path

from ai_video_editor.context.outputs import MetadataPackage
from ai_video_editor.metadata.limits import DESCRIPTION_BYTES, clean
from ai_video_editor.plugins.base import StageCall
from ai_video_editor.plugins.manager import PluginManager

__version__ = "1.0"

LINES = clean((Path(__file__).parent / "sign_off.txt").read_text(encoding="utf-8")).strip()


def register(plugins: PluginManager) -> None:
    """Ask to be called when the metadata is there."""
    plugins.register_hook("after_metadata_generation", add_sign_off)


def add_sign_off(call: StageCall) -> dict[str, MetadataPackage] | None:
    """Every description with the channel's lines in it."""
    package: MetadataPackage | None = call.sections["metadata_variations"]
    if package is None:
        return None
    variations = tuple(
        variation.model_copy(update={"description": signed(variation.description)})
        for variation in package.variations
    )
    descriptions = tuple(signed(description) for description in package.descriptions)
    update = {"descriptions": descriptions, "variations": variations}
    return {"metadata_variations": package.model_copy(update=update)}


def signed(description: str) -> str:
    """A description with the lines at its end, above its hashtags.

    Raises:
        ValueError: YouTube takes no description of that length.
    """
    body, _, last = description.rpartition("\n\n")
    parts = [body, LINES, last] if body and last.startswith("#") else [description, LINES]
    text = "\n\n".join(parts)
    if len(text.encode()) > DESCRIPTION_BYTES:
        raise ValueError(f"with the sign-off a description has over {DESCRIPTION_BYTES} bytes")
    return text
