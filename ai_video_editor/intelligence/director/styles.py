"""How each kind of film is edited: what is data about a style, not logic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ai_video_editor.context.inputs import ContentType


@dataclass(frozen=True)
class Style:
    """The manners of one kind of film.

    Attributes:
        think_pauses: whether the pause before a new topic keeps its beat, as a deliberate one does.
        moves_a_minute: slow moves towards the speaker, at most so many a minute.
        topic_transition: how the picture goes from one topic to the next; "" is a plain cut.
        recording_transition: the same where another recording begins.
        stress_numbers: whether captions stress the numbers that are said.
    """

    think_pauses: bool
    moves_a_minute: int
    topic_transition: str
    recording_transition: str
    stress_numbers: bool


STYLES: Mapping[ContentType, Style] = {
    # A learner needs a moment where one thought ends and the next begins; it is one lesson still.
    ContentType.EDUCATIONAL: Style(True, 2, "dissolve", "wipe", True),
    # Calm framing: what counts are the figures.
    ContentType.FINANCIAL: Style(True, 1, "dip", "dip", True),
    # Moves and transitions follow the beat, not the words.
    ContentType.MUSIC: Style(False, 0, "", "", False),
    # A dissolve says that time has passed.
    ContentType.GENERAL: Style(False, 2, "dip", "dissolve", False),
}
