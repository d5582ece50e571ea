"""Chapters and the metadata strategy of a plan."""

from __future__ import annotations

from ai_video_editor.context.inputs import ContentType
from ai_video_editor.context.plan import Hook, MetadataStrategy, PlanChapter
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.unworded import readable_name
from ai_video_editor.timebase import TimeMap, source_time

_AUDIENCES = {
    ContentType.FINANCIAL: "People who want to understand their money, without prior knowledge",
    ContentType.EDUCATIONAL: "People who want to understand the subject, without prior knowledge",
    ContentType.MUSIC: "Listeners who like this kind of music",
    ContentType.GENERAL: "Viewers who are interested in the subject",
}

_CATEGORIES = {
    ContentType.FINANCIAL: ("topic", "financial concepts", "questions", "personal finance"),
    ContentType.EDUCATIONAL: ("topic", "concepts", "questions", "education"),
    ContentType.MUSIC: ("title", "music"),
    ContentType.GENERAL: ("topic", "concepts"),
}


def find_chapters(material: Material, time_map: TimeMap) -> list[PlanChapter]:
    """Chapters from the themes, on the inputs' time; the first begins with the film.

    Themes that were cut away, or that repeat the chapter before, make none.
    """
    chapters: list[PlanChapter] = []
    for theme in material.themes:
        if time_map.next_film(theme.input, theme.start) is None:
            continue
        start = source_time(0) if not chapters else theme.start
        number = len(chapters) + 1
        title = theme.title if _may_print(theme.title, material) else f"Part {number}"
        if theme.title.startswith("Part "):
            title = f"Part {number}"
        if chapters and chapters[-1].title == title:
            continue
        source = theme.input if chapters else (time_map.pieces[0].input if time_map.pieces else 0)
        chapters.append(PlanChapter(input=source, start=start, title=title))
    return chapters


def _may_print(title: str, material: Material) -> bool:
    return material.printable or title.startswith("Part ")


def metadata_strategy(material: Material, hooks: list[Hook]) -> MetadataStrategy:
    """What titles, description and tags are to do, with the research as evidence."""
    audio = material.audio
    limit = audio.print_threshold if audio is not None else 1.0
    own = [c.phrase for c in material.concepts if material.printable and c.confidence >= limit][:6]
    searched = [k.phrase for k in material.research.keywords] if material.research else []
    primary = list(dict.fromkeys([*own[:3], *searched[:3], *own[3:]]))
    if not primary:
        primary = [readable_name(material).lower()]
    strategies = [
        "emotional: the strongest feeling of the talk",
        "curiosity: a question that the film answers",
        "authority: what is explained, with its numbers",
    ]
    if material.research:
        strategies.extend(f"seen: {p}" for p in material.research.competitor_patterns[:3])
    lead = "Open with the strongest hook" if hooks else "Open with what the film is"
    return MetadataStrategy(
        primary_keywords=tuple(primary[:8]),
        title_strategies=tuple(strategies),
        description_approach=f"{lead}, then what the viewer will learn, then chapters.",
        tag_categories=_CATEGORIES[material.content_type],
        target_audience=_AUDIENCES[material.content_type],
    )
