"""Everything a director or a copywriter decides from, read from the sections."""

from __future__ import annotations

from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.section_view import SectionView
from tasks.files import input_files


def material_of(view: SectionView, *, characters: bool = False) -> Material:
    """The analysed recording of a stage that reads its sections.

    Args:
        view: what the stage sees.
        characters: whether a drawn presenter was asked for.
    """
    files = input_files(view)
    return Material(
        files=tuple(file for file, _ in files),
        paths=tuple(str(path) for _, path in files),
        metadata=view.read("video_metadata"),
        preferences=view.read("user_preferences"),
        audio=view.read("audio_analysis"),
        video=view.read("video_analysis"),
        highlights=view.read("visual_highlights"),
        content_type=view.read("content_type"),
        summary=view.read("content_summary"),
        concepts=view.read("key_concepts"),
        themes=view.read("content_themes"),
        emotions=view.read("emotional_markers"),
        research=view.read("trending_keywords"),
        characters=characters,
    )
