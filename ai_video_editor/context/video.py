"""What was seen."""

from __future__ import annotations

from pydantic import Field

from ai_video_editor.context.base import (
    Box,
    Confidence,
    MediaRef,
    Model,
    SourceSeconds,
    SourceSpan,
)


class Shot(SourceSpan):
    """What one camera shows between two cuts."""

    kind: str = Field(pattern="^(talking_head|slide|broll|title_card|black)$")
    confidence: Confidence = 0.5
    transition: str = Field(default="cut", pattern="^(cut|fade|dissolve|start)$")
    """How the shot begins."""
    speaker: Box | None = None
    """Where the main speaker's face is as a rule; None where nobody speaks to us."""


class Face(Model):
    """One face in one sampled frame."""

    box: Box
    confidence: Confidence
    sharpness: float = 0.0
    """Variance of the Laplacian inside the box on the analysis picture."""
    frontal: bool = True
    eyes_open: Confidence | None = None
    """None where the bundled models cannot tell."""
    smile: Confidence | None = None


class FaceSample(Model):
    """All faces of one sampled frame, largest first; an empty list means nobody is seen."""

    input: int = 0
    time: SourceSeconds
    faces: tuple[Face, ...] = ()


class QualitySample(SourceSpan):
    """Picture quality over about one second."""

    sharpness: float
    """Variance of the Laplacian of the analysis picture (8-bit grey)."""
    brightness: float
    """Mean luma, 0 to 255."""
    contrast: float
    """Standard deviation of luma."""
    black: bool = False
    frozen: bool = False
    noise: float = 0.0
    """Standard deviation of the grain, grey levels."""
    shake: float = 0.0
    """How far the picture jumps from frame to frame beyond any steady movement, % of its width."""
    problems: tuple[str, ...] = ()
    """What is wrong with it: black, frozen, dark, bright, pale, blurred, noisy, shaky."""
    score: Confidence
    """0 unusable, 1 good."""


class MotionSample(SourceSpan):
    """Movement over about one second."""

    amount: float
    """Mean absolute luma difference between sampled neighbours, 0 to 255."""
    kind: str = Field(default="still", pattern="^(still|subject|camera|slide_change)$")


class VideoAnalysis(Model):
    """Picture of all inputs, ordered by input, then time."""

    method: str = "full"
    """full, or sparse where the fallback looked at a few frames only."""
    shots: tuple[Shot, ...] = ()
    faces: tuple[FaceSample, ...] = ()
    quality: tuple[QualitySample, ...] = ()
    motion: tuple[MotionSample, ...] = ()
    frames_decoded: int = 0
    frames_damaged: int = 0
    notes: tuple[str, ...] = ()


class VisualHighlight(Model):
    """A moment worth showing, with its frame at full size in the store."""

    input: int = 0
    time: SourceSeconds
    score: Confidence
    kind: str = Field(pattern="^(expression|gesture|slide|action|portrait|scene)$")
    reason: str
    frame: MediaRef
    width: int
    height: int
    faces: tuple[Face, ...] = ()
