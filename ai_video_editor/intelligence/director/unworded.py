"""Promises for films whose words may not be printed: by what there is to see and to hear.

Titles come from the film's name. Hooks say what anybody who plays the film can check: that
somebody gestures, that the camera travels, that it is over in half a minute. Which of several that
hold are taken, the name decides, so that one channel's films do not all say the same.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from ai_video_editor.context.inputs import ContentType
from ai_video_editor.context.plan import Strategy
from ai_video_editor.context.video import Face
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.language import wording
from ai_video_editor.language.names import film_name

_LONGEST_NAME = 36
_MOST = 4
"""Hooks for one strategy."""
_SHARED = 0.34
"""Share of its words that a hook may have in common with its title."""

_Kind = Literal["music", "unseen", "spoken", "seen"]
"""Unseen: no picture, or a card under a voice. Spoken: somebody speaks to us."""

_TITLES: Mapping[_Kind, Mapping[Strategy, str]] = {
    "music": {
        "emotional": "{name} (Music Video)",
        "curiosity": "Listen to {name}",
        "authority": "{name}: The Full Video",
    },
    "unseen": {
        "emotional": "Listen to {name}",
        "curiosity": "{name}: A Closer Listen",
        "authority": "{name}: The Full Recording",
    },
    "spoken": {
        "emotional": "{name}: The Best Moments",
        "curiosity": "A Closer Look at {name}",
        "authority": "{name}: The Full Video",
    },
}
"""What is seen is titled like what is spoken."""

_Hooks = Mapping[str, tuple[str, ...]]
"""By what must be true of the film; "" holds always."""

_HOOKS: Mapping[_Kind, Mapping[Strategy, _Hooks]] = {
    "music": {
        "emotional": {
            "": ("Feel It", "Turn It Up", "Feel the Beat", "Let It Play", "Headphones On"),
        },
        "curiosity": {"": ("Press Play", "Hear That?", "Know This Tune?", "Wait for It")},
        "authority": {"": ("Start to Finish", "From First Note", "All of It")},
    },
    "unseen": {
        "emotional": {
            "voice": ("Hear This Voice", "Said Out Loud"),
            "": ("Hear It Yourself", "Ears Wide Open", "Close Your Eyes"),
        },
        "curiosity": {
            "voice": ("Who Is Talking?", "What Was Said?"),
            "": ("Press Play", "Hear That?", "Did You Hear?"),
        },
        "authority": {"voice": ("In Their Words",), "": ("Start to Finish", "From the Beginning")},
    },
    "spoken": {
        "emotional": {
            "gestures": ("Caught Mid Sentence",),
            "expressions": ("Look at That Face", "Every Look Counts"),
            "close": ("Up Close", "Seen Up Close"),
            "together": ("Face to Face",),
            "": ("Listen to This", "Every Word Counts", "Hear This Voice", "Said Out Loud"),
        },
        "curiosity": {
            "gestures": ("What Comes Next?", "Why So Animated?"),
            "expressions": ("Why That Look?", "See That Look?"),
            "many_shots": ("Who Says What?",),
            "": ("What Was Said?", "Did You Hear?", "Who Is Talking?", "What's the Point?"),
        },
        "authority": {
            "frontal": ("Front and Center",),
            "": ("In Their Words", "Hear Them Out", "Start to Finish"),
        },
    },
    "seen": {
        "emotional": {
            "camera": ("Come Along", "Join the Ride"),
            "subject": ("Don't Blink", "Keep Up"),
            "still": ("Breathe It In", "Take It In"),
            "dark": ("Out of the Dark",),
            "": ("See It Happen", "Just Watch This", "Have a Look"),
        },
        "curiosity": {
            "camera": ("Where Does It Go?", "What's Around Here?"),
            "subject": ("What Happens Next?", "What Moves There?"),
            "still": ("What's Out There?", "Look Again"),
            "many_shots": ("Spot the Moment", "Which One Is It?"),
            "": ("See That?", "Did You Notice?", "What Is This?"),
        },
        "authority": {
            "one_shot": ("One Single Shot", "All in One"),
            "many_shots": ("Shot by Shot",),
            "together": ("Faces Up Close",),
            "": ("Start to Finish", "As It Was", "The Whole Thing"),
        },
    },
}

_LENGTHS = (
    (15, "15 Seconds"), (30, "30 Seconds"), (60, "a Minute"), (120, "2 Minutes"),
    (180, "3 Minutes"), (300, "5 Minutes"), (600, "10 Minutes"), (900, "15 Minutes"),
    (1800, "30 Minutes"), (3600, "an Hour"),
)  # fmt: skip
"""Cutting makes a film shorter: what is under a length stays under it."""
_DARK = 62.0
"""Mean luma, 0 to 255."""
_CLOSE = 0.28
"""Height of a face in heights of the picture."""
_MANY = 5
"""Shots."""


def unworded(material: Material) -> dict[Strategy, tuple[str, tuple[str, ...]]]:
    """For each strategy a title from the film's name, and hooks that anybody can check."""
    name = readable_name(material)
    kind = _kind(material)
    pools = _HOOKS["music" if material.content_type is ContentType.MUSIC else kind]
    true = _truths(material)
    used: list[str] = []
    found: dict[Strategy, tuple[str, tuple[str, ...]]] = {}
    for strategy, pattern in _TITLES["spoken" if kind == "seen" else kind].items():
        title = pattern.format(name=name)
        texts = list(_texts(pools[strategy], true, material, strategy))
        hooks = [t for t in texts if _fits(t, title) and t not in used][:_MOST]
        hooks = hooks or texts[-1:]  # a name of many words may share some with every hook
        used += hooks[:2]
        found[strategy] = (title, tuple(hooks))
    return found


def readable_name(material: Material) -> str:
    """The file's name as a title, at most 36 characters, whole words where that is possible."""
    name = film_name(material.metadata.name)
    if not name:
        return "Untitled Video" if material.highlights else "Untitled Recording"
    if len(name) <= _LONGEST_NAME:
        return name
    space = name.rfind(" ", 0, _LONGEST_NAME)
    return name[: space if space > 0 else _LONGEST_NAME]


def _texts(
    hooks: _Hooks, true: frozenset[str], material: Material, strategy: Strategy
) -> Iterable[str]:
    """What holds for this film, the particular before the general."""
    seed = zlib.crc32(f"{material.metadata.name} {strategy}".encode())
    particular = [text for fact, texts in hooks.items() if fact in true for text in texts]
    length = _length(material) if strategy == "authority" else None
    if length is not None:
        particular.append(length)
    # One of each kind stands first: two particular ones may say the same thing twice.
    for first, second in _in_turn(_turned(particular, seed), _turned(hooks[""], seed >> 8)):
        yield from (text for text in (first, second) if text)


def _in_turn(one: Sequence[str], other: Sequence[str]) -> Iterable[tuple[str, str]]:
    for at in range(max(len(one), len(other))):
        yield one[at] if at < len(one) else "", other[at] if at < len(other) else ""


def _turned(texts: Sequence[str], seed: int) -> list[str]:
    at = seed % len(texts) if texts else 0
    return [*texts[at:], *texts[:at]]


def _fits(text: str, title: str) -> bool:
    return 2 <= len(text.split()) <= 4 and wording.overlap(text, title) < _SHARED


def _kind(material: Material) -> _Kind:
    if _nothing_moves(material):
        return "unseen"
    if material.content_type is ContentType.MUSIC:
        return "music"
    return "spoken" if _speaks_to_us(material) else "seen"


def _length(material: Material) -> str | None:
    seconds = material.duration
    return next((f"Under {text}" for most, text in _LENGTHS if seconds < 0.97 * most), None)


def _truths(material: Material) -> frozenset[str]:
    """Which of the facts that hooks rest on hold, by name."""
    video, highlights = material.video, material.highlights
    kinds = Counter(highlight.kind for highlight in highlights)
    faces = [face for highlight in highlights for face in highlight.faces]
    motion = Counter(sample.kind for sample in video.motion) if video else Counter[str]()
    quality = video.quality if video else ()
    shots = len(video.shots) if video else 0
    bright = sum(sample.brightness for sample in quality) / len(quality) if quality else 255.0
    usual, times = motion.most_common(1)[0] if motion else ("", 0)
    facts = {
        "voice": _voices(material),
        "gestures": kinds["gesture"] >= 2,
        "expressions": kinds["expression"] >= 2,
        "close": _close(faces),
        "frontal": bool(faces) and 2 * sum(face.frontal for face in faces) > len(faces),
        "together": any(len(highlight.faces) >= 2 for highlight in highlights),
        "one_shot": shots == 1,
        "many_shots": shots >= _MANY,
        "dark": bright < _DARK,
        usual: 2 * times > motion.total(),
    }
    return frozenset(name for name, holds in facts.items() if holds and name)


def _close(faces: Sequence[Face]) -> bool:
    return bool(faces) and 2 * sum(face.box.height >= _CLOSE for face in faces) > len(faces)


def _nothing_moves(material: Material) -> bool:
    """No picture, or one title card under a voice."""
    slides = all(h.kind == "slide" for h in material.highlights)
    return not material.highlights or (_voices(material) and slides)


def _voices(material: Material) -> bool:
    return material.audio is not None and bool(material.audio.speech)


def _speaks_to_us(material: Material) -> bool:
    seen = [h for h in material.highlights if h.faces]
    return _voices(material) and 2 * len(seen) > len(material.highlights)
