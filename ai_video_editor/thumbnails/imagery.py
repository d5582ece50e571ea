"""Backgrounds painted by an image model: only where they are worth it, checked, kept for reuse.

One request for a concept asks for the pictures of all its variants. What passes the checks goes
into a library by concept, mood and palette, and is taken from there before a new one is paid for.
Whatever fails leaves its thumbnail on a drawn background, with the reason.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.cache import CacheManager
from ai_video_editor.clients.imagen import ImageRequest, Painter
from ai_video_editor.context.plan import AIDirectorPlan, Strategy, ThumbnailConcept
from ai_video_editor.errors import (
    APIAuthenticationError,
    APIIntegrationError,
    APIRateLimitError,
    MediaError,
    ProcessingTimeoutError,
)
from ai_video_editor.language import wording
from ai_video_editor.thumbnails.mood import Mood
from ai_video_editor.thumbnails.recipes import Variant

Pixels = NDArray[np.uint8]

HIGH_IMPACT = 0.5
"""Confidence of the strongest hook behind a concept from which a picture is worth its price."""
LEAST = (1024, 576)
"""Pixels of a picture that fills a thumbnail without looking soft."""
MOST = 24_000_000
"""Pixels; more is not decoded."""
BUSY = 14.0
"""Mean step between neighbours in the hook's half at 168 x 94, 0 to 255, from which it is busy."""
DARK, FLAT = 9.0, 4.0
"""Mean level and spread, 0 to 255, below which a picture is black or blank."""

_KINDS: Mapping[Strategy, frozenset[str]] = {
    "emotional": frozenset({"concern", "excitement", "surprise", "confidence"}),
    "curiosity": frozenset({"question", "curiosity", "number"}),
    "authority": frozenset({"number", "confidence"}),
}
"""Kinds of hooks that carry a strategy."""

_MOODS: Mapping[Strategy, str] = {
    "emotional": "dramatic, warm, full of energy",
    "curiosity": "mysterious, cool, something just out of sight",
    "authority": "sober, precise, composed like a magazine cover",
}


@dataclass(frozen=True)
class Painted:
    """What came of one concept.

    Attributes:
        pictures: RGB, by variant, calm on the left.
        failures: why a variant has none.
        again: whether a later run may have better luck.
    """

    pictures: Mapping[Variant, Pixels] = field(default_factory=dict)
    failures: Mapping[Variant, str] = field(default_factory=dict)
    again: bool = False


class Library:
    """Pictures that passed the checks, for all projects of this work folder.

    Args:
        cache: where they are kept; None keeps none.
        project: id of the project they are painted for.
        fresh: whether kept ones are passed over; new ones are still kept.
    """

    def __init__(
        self, cache: CacheManager | None, *, project: str = "", fresh: bool = False
    ) -> None:
        """Keep them."""
        self._cache = cache
        self._project = project
        self._fresh = fresh

    def find(self, key: str) -> Pixels | None:
        """A picture, or None."""
        if self._cache is None or self._fresh:
            return None
        kept = self._cache.get("thumbnails", key)
        if not isinstance(kept, str):
            return None
        picture, _ = checked(base64.b64decode(kept))
        return picture

    def keep(self, key: str, data: bytes) -> None:
        """Keep an encoded picture."""
        if self._cache is not None:
            text = base64.b64encode(data).decode("ascii")
            self._cache.put("thumbnails", key, text, project=self._project)


class Imagery:
    """Painted backgrounds for the concepts of one film.

    Args:
        painter: who paints.
        library: what was painted before.
        model: name of the image model.
    """

    def __init__(self, painter: Painter, library: Library, model: str) -> None:
        """Keep them."""
        self._painter = painter
        self._library = library
        self._model = model

    def pictures(
        self, concept: ThumbnailConcept, mood: Mood, variants: Sequence[Variant]
    ) -> Painted:
        """Pictures for the variants of a concept that stand before a drawn background.

        Args:
            concept: what they are about.
            mood: its colours.
            variants: those that need one, at least one.
        """
        keys = {variant: library_key(concept, mood, variant) for variant in variants}
        found = {v: picture for v, key in keys.items() if (picture := self._library.find(key))
                 is not None}  # fmt: skip
        wanted = [variant for variant in variants if variant not in found]
        if not wanted:
            return Painted(found)
        request = ImageRequest(self._model, prompt(concept, mood, len(wanted)), len(wanted))
        try:
            answer = self._painter.paint(request)
        except (APIIntegrationError, ProcessingTimeoutError) as error:
            later = isinstance(
                error, APIRateLimitError | APIAuthenticationError | ProcessingTimeoutError
            )
            return Painted(found, dict.fromkeys(wanted, error.message), later)
        failures: dict[Variant, str] = {}
        for number, variant in enumerate(wanted):
            if number >= len(answer.pictures):
                failures[variant] = f"{self._model} sent one picture too few."
                continue
            picture, fault = checked(answer.pictures[number])
            if picture is None:
                failures[variant] = f"The picture of {self._model} {fault}."
                continue
            self._library.keep(keys[variant], kept := _small(picture))
            found[variant] = decoded(kept)  # the same now as when it is taken from the library
        return Painted(found, failures)


def impact(concept: ThumbnailConcept, plan: AIDirectorPlan) -> float:
    """Confidence of the strongest hook that a concept is built on, 0 to 1.

    A film whose words may not be printed has no hooks, and nothing worth painting is known of it.
    """
    return max(
        (
            hook.confidence
            for hook in plan.hooks
            if hook.kind in _KINDS[concept.strategy]
            or wording.overlap(hook.text, concept.title_idea) > 0.5
        ),
        default=0.0,
    )


def prompt(concept: ThumbnailConcept, mood: Mood, count: int) -> str:
    """What is asked of the model."""
    many = "1 picture" if count == 1 else f"{count} pictures, each with another idea,"
    topic = ", ".join(_plain(word) for word in concept.keywords[:3]) or "the subject of a talk"
    return (
        f"Paint {many} to stand behind a person and large letters in a video thumbnail. "
        f"The film is about: {topic}. Show things or places that belong to it, photographic, out "
        f"of focus. Mood: {_MOODS[concept.strategy]}. Colours: from {mood.deep.hex} in the dark to "
        f"{mood.glow.hex} in the light. The left half is calm and dark, without detail; the light "
        "comes from the right. No people, no faces, no hands, no letters, no numbers, no logos, no "
        "frames."
    )


def library_key(concept: ThumbnailConcept, mood: Mood, variant: Variant) -> str:
    """Where pictures of a concept, a mood and a palette are kept."""
    topic = sorted({wording.root(word) for key in concept.keywords[:3]
                    for word in wording.tokens(key)})  # fmt: skip
    told = [topic, concept.strategy, variant, mood.deep.hex, mood.glow.hex]
    return "imagen:" + hashlib.sha256(json.dumps(told).encode()).hexdigest()


def checked(data: bytes) -> tuple[Pixels | None, str]:
    """An encoded picture as RGB, or None and what is wrong with it."""
    try:
        rgb = decoded(data)
    except MediaError as error:
        return None, error.message
    return (None, fault) if (fault := _fault(rgb)) else (rgb, "")


def decoded(data: bytes) -> Pixels:
    """An encoded picture as RGB.

    Raises:
        MediaError: it is none, or too large.
    """
    from PIL import Image

    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as image:
            if image.width * image.height > MOST:
                raise MediaError("is too large to be opened")
            return np.asarray(image.convert("RGB"), np.uint8)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise MediaError("cannot be decoded") from error


def _fault(rgb: Pixels) -> str:
    import cv2

    rows, columns = rgb.shape[:2]
    if columns < LEAST[0] or rows < LEAST[1]:
        return f"is too small ({columns}x{rows})"
    level: Any = rgb[::4, ::4].mean(axis=2)
    if level.mean() < DARK:
        return "is black"
    if level.std() < FLAT:
        return "is blank"
    small: Any = cv2.resize(rgb, (168, 94), interpolation=cv2.INTER_AREA).mean(axis=2)
    room = small[:, : round(0.45 * 168)]
    if np.abs(np.diff(room, axis=0)).mean() + np.abs(np.diff(room, axis=1)).mean() > BUSY:
        return "leaves no room for the hook"
    return ""


def _small(picture: Pixels) -> bytes:
    """As a JPEG for the library."""
    from PIL import Image

    target = BytesIO()
    Image.fromarray(picture).save(target, "JPEG", quality=92)
    return target.getvalue()


def _plain(word: str) -> str:
    """A topic as words alone: what was said or named is no place for instructions."""
    return " ".join(wording.tokens(word)[:4])[:40]
