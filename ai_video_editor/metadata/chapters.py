"""Chapters on the film's own time."""

from __future__ import annotations

from ai_video_editor.context.outputs import FilmChapter
from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.language import wording
from ai_video_editor.metadata import limits
from ai_video_editor.timebase import film_time


def film_chapters(plan: AIDirectorPlan) -> tuple[FilmChapter, ...]:
    """The plan's chapters as YouTube shows them; empty where it would show none.

    The first begins at 0:00, each lasts at least 10 s of the film (a shorter one joins its
    neighbour), titles are not repeated, and there are at least three.
    """
    time_map = plan.time_map()
    found: list[FilmChapter] = []
    for chapter in plan.chapters:
        start = time_map.next_film(chapter.input, chapter.start)
        if start is None:
            continue
        title = limits.clean_line(chapter.title)
        if not title:
            continue
        found.append(FilmChapter(start=film_time(start), title=title))
    found.sort(key=lambda c: c.start)
    kept: list[FilmChapter] = []
    for film in found:
        if not kept:
            kept.append(film.model_copy(update={"start": film_time(0)}))
        elif int(film.start) - int(kept[-1].start) < limits.CHAPTER_SECONDS:
            continue
        elif film.title != kept[-1].title:
            kept.append(film)
    while kept and int(time_map.duration) - int(kept[-1].start) < limits.CHAPTER_SECONDS:
        kept.pop()
    chapters = tuple(_renumbered(kept))
    return chapters if len(chapters) >= limits.CHAPTERS_FEWEST else ()


def _renumbered(chapters: list[FilmChapter]) -> list[FilmChapter]:
    """Neutral titles count on where one between them was dropped."""
    if all(c.title.startswith("Part ") for c in chapters):
        return [c.model_copy(update={"title": f"Part {n}"}) for n, c in enumerate(chapters, 1)]
    return chapters


def chapter_lines(chapters: tuple[FilmChapter, ...]) -> str:
    """As they stand in a description: one line each, "0:00 Title"."""
    return "\n".join(f"{wording.clock(c.start)} {c.title}" for c in chapters)
