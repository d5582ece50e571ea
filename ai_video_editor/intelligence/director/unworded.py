"""Promises for films whose words may not be printed: by what there is to see and to hear."""

from __future__ import annotations

from ai_video_editor.context.inputs import ContentType
from ai_video_editor.context.plan import Strategy
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.language.names import film_name

_LONGEST_NAME = 36

_Unworded = dict[Strategy, tuple[str, tuple[str, str]]]
"""For each strategy a title and two hooks."""

_UNWORDED: dict[ContentType, _Unworded] = {
    ContentType.MUSIC: {
        "emotional": ("{name} (Music Video)", ("Feel It", "Turn It Up")),
        "curiosity": ("Listen to {name}", ("Press Play", "Hear That?")),
        "authority": ("{name}: The Full Video", ("Watch in Full", "Start to Finish")),
    },
    ContentType.GENERAL: {
        "emotional": ("{name}: The Best Moments", ("See It Happen", "Just Watch This")),
        "curiosity": ("A Closer Look at {name}", ("What Happens Next?", "See That?")),
        "authority": ("{name}: The Full Video", ("Watch in Full", "Start to Finish")),
    },
}

_UNSEEN: _Unworded = {
    "emotional": ("Listen to {name}", ("Hear It Yourself", "Just Listen")),
    "curiosity": ("{name}: A Closer Listen", ("Press Play", "Hear That?")),
    "authority": ("{name}: The Full Recording", ("Start to Finish", "Listen Through")),
}
"""Where there is nothing to see, nobody is told to watch."""


_SPOKEN: _Unworded = {
    "emotional": ("{name}: The Best Moments", ("Listen to This", "Every Word Counts")),
    "curiosity": ("A Closer Look at {name}", ("What Was Said?", "Did You Hear?")),
    "authority": ("{name}: The Full Video", ("In Their Words", "Start to Finish")),
}
"""Where somebody speaks to us whose words may not be printed."""


def unworded(material: Material) -> _Unworded:
    """For each strategy a title from the film's name, and two hooks that claim nothing."""
    name = readable_name(material)
    return {s: (title.format(name=name), hooks) for s, (title, hooks) in _table(material).items()}


def readable_name(material: Material) -> str:
    """The file's name as a title, at most 36 characters, whole words where that is possible."""
    name = film_name(material.metadata.name)
    if not name:
        return "Untitled Video" if material.highlights else "Untitled Recording"
    if len(name) <= _LONGEST_NAME:
        return name
    space = name.rfind(" ", 0, _LONGEST_NAME)
    return name[: space if space > 0 else _LONGEST_NAME]


def _table(material: Material) -> _Unworded:
    if _nothing_moves(material):
        return _UNSEEN
    if material.content_type is ContentType.MUSIC:
        return _UNWORDED[ContentType.MUSIC]
    return _SPOKEN if _speaks_to_us(material) else _UNWORDED[ContentType.GENERAL]


def _nothing_moves(material: Material) -> bool:
    """No picture, or one title card under a voice."""
    heard = material.audio is not None and bool(material.audio.speech)
    slides = all(h.kind == "slide" for h in material.highlights)
    return not material.highlights or (heard and slides)


def _speaks_to_us(material: Material) -> bool:
    seen = [h for h in material.highlights if h.faces]
    heard = material.audio is not None and bool(material.audio.speech)
    return heard and 2 * len(seen) > len(material.highlights)
