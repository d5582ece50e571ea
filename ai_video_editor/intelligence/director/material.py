"""Everything a director decides from."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.content import (
    ContentSummary,
    ContentTheme,
    EmotionalPeak,
    KeyConcept,
    TrendingKeywords,
)
from ai_video_editor.context.inputs import ContentType, UserPreferences, VideoFile, VideoMetadata
from ai_video_editor.context.video import Shot, VideoAnalysis, VisualHighlight
from ai_video_editor.timebase import FrameRate


@dataclass(frozen=True)
class Material:
    """The analysed recording.

    Attributes:
        files: the inputs in film order.
        paths: where they lie, one for each file; data for the plan, never opened here.
        metadata: what holds for the film.
        preferences: what the user asked for.
        audio: None where the sound could not be analysed.
        video: None where the picture could not be analysed.
        highlights: the best moments of the picture.
        content_type: what kind of film it is.
        summary: questions and numbers that were said.
        concepts: most central first.
        themes: stretches on one topic, in order.
        emotions: moments with feeling, in order.
        research: keywords and what competitors do; None where there is none.
        characters: whether a drawn presenter was asked for.
    """

    files: tuple[VideoFile, ...]
    paths: tuple[str, ...]
    metadata: VideoMetadata
    preferences: UserPreferences
    audio: AudioAnalysis | None
    video: VideoAnalysis | None
    highlights: tuple[VisualHighlight, ...]
    content_type: ContentType
    summary: ContentSummary
    concepts: tuple[KeyConcept, ...]
    themes: tuple[ContentTheme, ...]
    emotions: tuple[EmotionalPeak, ...]
    research: TrendingKeywords | None = None
    characters: bool = False

    @property
    def rate(self) -> FrameRate:
        """The film's frame rate."""
        return self.metadata.rate

    @property
    def printable(self) -> bool:
        """Whether the words may stand in titles, thumbnails and charts."""
        return self.audio is not None and self.audio.printable

    @property
    def duration(self) -> Fraction:
        """Seconds of all inputs."""
        return sum((file.duration for file in self.files), Fraction(0))

    def shots(self, source: int) -> list[Shot]:
        """Shots of one input in order."""
        return [s for s in self.video.shots if s.input == source] if self.video else []
