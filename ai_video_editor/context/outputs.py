"""What was made."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ai_video_editor.context.base import (
    Box,
    Confidence,
    FilmSeconds,
    FilmSpan,
    MediaRef,
    Model,
    Seconds,
)
from ai_video_editor.context.plan import PlannedShort, Strategy


class BRollAsset(FilmSpan):
    """A graphic that was made, and where it stands in the film."""

    opportunity_id: str
    clip: MediaRef
    """Film-size video without sound (full screen), or with alpha (overlay)."""
    placement: Literal["full_screen", "overlay"]
    content_type: str
    description: str
    method: str
    """animated or still."""


class BRollPackage(Model):
    """All B-roll that was made, in film order."""

    assets: tuple[BRollAsset, ...] = ()
    skipped: tuple[str, ...] = ()
    """What was planned and not made, each with its reason."""
    notes: tuple[str, ...] = ()
    """What was made in another way than it could be."""


class Thumbnail(Model):
    """One thumbnail image."""

    strategy: Strategy
    variant: Literal["a", "b"]
    image: MediaRef
    width: int
    height: int
    hook_text: str
    background: str
    """Which background it stands on: imagen, a template's name, or the film's own frame."""
    contrast: float
    """Of the text against what is behind it, WCAG ratio; that of its worst letter."""
    design: str = ""
    """How it is composed: hero, panel, rising …"""
    text: Box | None = None
    """Where the hook stands, with its plate."""
    face: Box | None = None
    """Where the face is."""

    @property
    def file_name(self) -> str:
        """Name in the folder `thumbnails/`."""
        return f"{self.strategy}.jpg" if self.variant == "a" else f"{self.strategy}-b.jpg"


class ThumbnailPreparation(Model):
    """What the thumbnail branch makes ready before the plan is there."""

    candidates: tuple[int, ...] = ()
    """Indices into `visual_highlights`, best first."""
    cutouts: tuple[MediaRef | None, ...] = ()
    """PNG with alpha of the subject, one for each candidate, None where none was found."""
    notes: tuple[str, ...] = ()


class ThumbnailPackage(Model):
    """Three strategies, two variants each."""

    thumbnails: tuple[Thumbnail, ...] = ()
    notes: tuple[str, ...] = ()
    unpainted: tuple[str, ...] = ()
    """Thumbnails that were to have a painted background and have a drawn one, each with why."""
    paint_again: bool = False
    """Whether a later run may have better luck with them."""


class FilmChapter(Model):
    """A chapter of the film."""

    start: FilmSeconds
    title: str


class MetadataVariation(Model):
    """One title with the description that goes with it."""

    strategy: Strategy
    title: str
    description: str
    hook_text: str
    pinned_comment: str = ""
    """A question to viewers."""
    hook: str = ""
    """The spoken sentence that opens the description or is the title; empty where there is none."""
    marker: str = ""
    """The feeling or form that hook is built on: surprise, question, number …"""
    keywords: tuple[str, ...] = ()
    """What thumbnail, title, description and tags of the strategy share."""


class KeyMoment(Model):
    """A moment of the film worth a link of its own."""

    start: FilmSeconds
    title: str
    kind: str
    """What makes it one: a feeling, question, number, or what is seen."""


class ABPair(Model):
    """One thumbnail and one title to be tested against the others."""

    id: str
    title: str
    thumbnail: str
    """Path relative to the project folder."""
    hook_text: str
    hypothesis: str


class MetadataPreparation(Model):
    """What the metadata branch makes ready before the plan is there."""

    topics: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


class MetadataPackage(Model):
    """Everything to paste beside the film."""

    titles: tuple[str, ...]
    descriptions: tuple[str, ...]
    tags: tuple[str, ...]
    hashtags: tuple[str, ...] = ()
    chapters: tuple[FilmChapter, ...] = ()
    variations: tuple[MetadataVariation, ...] = ()
    title_strategies: tuple[str, ...] = ()
    """What each title tries, in the order of the titles: curiosity, number, name …"""
    key_moments: tuple[KeyMoment, ...] = ()
    """In the film's order."""
    pinned_comment: str = ""
    disclaimer: str = ""
    """What every description of a financial film says; empty for other films."""
    method: str = "templates"
    """templates, or gemini where texts of the model stand among them."""
    notes: tuple[str, ...] = ()


class Caption(FilmSpan):
    """One caption block: at most two lines of 42 characters."""

    lines: tuple[str, ...]


class ComposedVideo(Model):
    """The film as it was rendered."""

    film: MediaRef
    frames: int
    """Film frames, counted while encoding."""
    frame_rate: str
    width: int
    height: int
    duration: Seconds
    captions: tuple[Caption, ...] = ()
    aspect: str | None = None
    """Shape that the film was given by a window on the recording; None where it has its own."""
    method: str = "full"
    """smart, full, plain_cuts (no graphics), or reencode (no edit)."""
    gain_db: float = 0.0
    """Gain that was applied to reach the loudness target."""
    loudness_target: float | None = None
    """LUFS the delivered file should measure; None where there is nothing to measure."""
    denoise_db: float = 0.0
    """How far noise may be quieter than it was recorded."""
    voice_eq: bool = False
    """Whether rumble below the voice was cut."""
    encoder: str = "libx264"
    notes: tuple[str, ...] = ()


class ComposedShort(Model):
    """A clip as it was rendered."""

    planned: PlannedShort
    video: ComposedVideo
    broll: BRollPackage = BRollPackage()
    """The graphics on it, on its own time."""


class ShortsPackage(Model):
    """The clips that were made, best first."""

    shorts: tuple[ComposedShort, ...] = ()
    left_out: tuple[str, ...] = ()
    """Clips that could not be made, each with its reason."""


class Check(Model):
    """One line of the verification."""

    name: str
    expected: str | float | int | None
    measured: str | float | int | None
    unit: str = ""
    state: Literal["passed", "failed", "skipped"]
    reason: str = ""


class Verification(Model):
    """What was measured on the delivered file."""

    passed: bool
    checks: tuple[Check, ...]


class NamedFile(Model):
    """A file of the project folder and its content in the store."""

    path: str = Field(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$")
    """Relative to the project folder, which no part of it leaves."""
    content: MediaRef


class DeliveredShort(Model):
    """A clip in the project folder."""

    planned: PlannedShort
    film: str
    """Path of the clip, relative to the project folder."""
    captions: str
    """Path of its captions."""
    width: int
    height: int
    duration: Seconds
    verification: Verification
    notes: tuple[str, ...] = ()


class DeliveryPackage(Model):
    """What `finalization` made: names files in the store; publishing copies them out."""

    files: tuple[NamedFile, ...]
    ab_pairs: tuple[ABPair, ...] = ()
    verification: Verification | None = None
    shorts: tuple[DeliveredShort, ...] = ()
    left_out: tuple[str, ...] = ()
    """Parts that failed, each with its reason."""
    notes: tuple[str, ...] = ()
    """What differs from what one would expect, such as edit lists at another rate."""
    pictures: MediaRef | None = None
    """Pictures of the report page, drawn once: a JSON object of texts by name."""
    quality_score: Confidence | None = None
