"""Whether a transcript that somebody brought belongs to this recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ai_video_editor.audio.alignment import mask_of
from ai_video_editor.audio.listening import Heard
from ai_video_editor.audio.sound import row_at
from ai_video_editor.context.audio import Word

_FEWEST = 20
"""Words from which a share means something."""

_UNBROKEN = 0.93
"""Share of the time with voice from which every transcript would lie on voice."""

_CHANCE = 0.45
"""How far beyond chance words must lie on voice, 0 (by chance) to 1 (all of them). Measured: right
transcripts 0.67-1.0, those of other recordings under 0.44."""

_COVERED = 0.25
"""Share of the voice that the words cover at least."""

UNFITTING = 0.3
"""Quality of a transcript that does not fit: under every threshold."""


@dataclass(frozen=True)
class Fit:
    """What is wrong with a transcript.

    Attributes:
        words: those inside the recording.
        fits: whether its words can be believed.
        notes: what was found and done, in the user's words.
    """

    words: tuple[Word, ...]
    fits: bool
    notes: tuple[str, ...]


def fit_of(words: Sequence[Word], heard: Heard, name: str, *, timed: bool) -> Fit:
    """Hold a brought transcript against the sound.

    Args:
        words: of one input, as they stand in the transcript.
        heard: the input's rows.
        name: the input's file name.
        timed: whether most words have times of their own; of spread lines only the extent tells.
    """
    duration = heard.listened.duration
    inside = tuple(word for word in words if word.start < duration)
    notes = []
    if len(inside) < len(words):
        past = len(words) - len(inside)
        notes.append(
            f"{past} word{'s' if past > 1 else ''} of the transcript lie past the end of {name} "
            f"({float(duration):.1f} s) and were left out."
        )
    fits = len(inside) >= len(words) / 2 and _lies_on_voice(inside, heard, timed)
    if not fits:
        notes.append(
            f"The transcript does not fit {name}: its words lie where nobody speaks. It may be of "
            "another recording; cuts follow the sound alone, and no word is shown."
        )
    return Fit(inside, fits, tuple(notes))


def _lies_on_voice(words: Sequence[Word], heard: Heard, timed: bool) -> bool:
    if len(words) < _FEWEST:
        return True
    rows = heard.sound.level.size
    voice = mask_of(heard.speech.voice, rows)
    written = mask_of(
        [(row_at(float(word.start)), row_at(float(word.end))) for word in words], rows
    )
    if not voice.any() or not written.any():
        return False
    covered = float(written[voice].mean())
    first, last = min(row_at(float(words[0].start)), rows), row_at(float(words[-1].end))
    chance = float(voice[first:last].mean()) if voice[first:last].size else 0.0
    if chance >= _UNBROKEN or not timed:
        return covered >= _COVERED
    # middles: a recogniser may stretch the word before a pause, and is not wrong in its place
    middles = [min(rows - 1, row_at(float(word.start + word.end) / 2)) for word in words]
    beyond = (float(voice[middles].mean()) - chance) / (1 - chance)
    return beyond >= _CHANCE and covered >= _COVERED
