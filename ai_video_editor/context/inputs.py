"""What is known of the input files before anything is heard or seen."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from ai_video_editor.context.base import Model, Seconds, Sha256
from ai_video_editor.timebase import FrameRate


class ContentType(StrEnum):
    """What kind of film this is; it sets the director's style."""

    EDUCATIONAL = "educational"
    FINANCIAL = "financial"
    MUSIC = "music"
    GENERAL = "general"


class VideoTrack(Model):
    """The picture of an input, as it is shown (rotation and pixel shape applied)."""

    stream_index: int
    """Index in the container, as ffmpeg's `0:N` counts."""
    codec: str
    width: int
    """Shown width in square pixels."""
    height: int
    """Shown height in square pixels."""
    coded_width: int
    coded_height: int
    rotation: int = 0
    """Degrees clockwise that a player turns the coded picture: 0, 90, 180 or 270."""
    mirrored: bool = False
    """Whether a player flips the coded picture left to right before it turns it."""
    sample_aspect: str = "1/1"
    frame_rate: str
    """Nominal frames a second, "30000/1001"."""
    variable_frame_rate: bool = False
    start: Seconds
    """Time of the first frame on the input's timeline."""
    duration: Seconds
    """From the first frame to the end of the last."""
    frames: int
    """Frames counted in the container, 0 where it does not say."""
    pixel_format: str
    bit_depth: int = 8
    color_primaries: str = "unknown"
    color_transfer: str = "unknown"
    color_space: str = "unknown"
    color_range: str = "unknown"
    hdr: bool = False
    """PQ or HLG transfer."""
    interlaced: bool = False

    @property
    def rate(self) -> FrameRate:
        """Nominal frame rate."""
        return FrameRate.parse(self.frame_rate)


class AudioTrack(Model):
    """One sound stream of an input."""

    stream_index: int
    """Index in the container, as ffmpeg's `0:N` counts."""
    codec: str
    sample_rate: int
    channels: int
    layout: str
    start: Seconds
    duration: Seconds
    language: str = ""
    default: bool = False


class VideoFile(Model):
    """One input: its content by hash and what its container holds."""

    sha256: Sha256
    name: str
    """File name without folders, for people; data, never a path to open."""
    size: int
    """Bytes."""
    container: str
    """ffmpeg's name of the demuxer that may open it: mov, matroska, avi, mpegts, flv, wav …"""
    duration: Seconds
    """Length of the input's timeline: from 0 to the end of its longest track."""
    start_offset: Seconds
    """Container time stamp that is time 0 of the input's timeline."""
    video: VideoTrack | None = None
    audio: tuple[AudioTrack, ...] = ()
    subtitles: int = 0
    attached_pictures: int = 0
    clock_jumps: bool = False
    """Whether time stamps start anew inside, as in joined transport streams; then only reading
    from the front finds a time."""
    notes: tuple[str, ...] = ()
    """What a user should know: variable rate, HDR, rotated, no sound …"""


class VideoMetadata(Model):
    """What holds for the film that will be made of the inputs."""

    duration: Seconds
    """Sum of the inputs' lengths."""
    file_size: int
    """Bytes of all inputs."""
    format: str
    """Container of the first input."""
    width: int
    """Film width, even."""
    height: int
    """Film height, even."""
    frame_rate: str
    """Film frame rate."""
    has_audio: bool
    has_video: bool
    name: str
    """Readable name from the first file's name, for people."""

    @property
    def rate(self) -> FrameRate:
        """Film frame rate."""
        return FrameRate.parse(self.frame_rate)


class UserPreferences(Model):
    """What the user asked for that is about the film and not about the machine."""

    content_type: ContentType | None = Field(
        default=None, description="Kind of film; guessed from the content when not given."
    )
    pace: str = Field(
        default="normal",
        pattern="^(gentle|normal|tight)$",
        description="How tightly pauses are cut: gentle, normal or tight.",
    )
    language: str | None = Field(
        default=None, description="ISO 639-1 code of what is spoken; heard when not given."
    )


class ProcessingPreferences(Model):
    """How hard to work; degradation acts only by changing these."""

    quality_level: str = Field(
        default="high",
        pattern="^(low|medium|high|ultra)$",
        description="Quality of the film's picture: low, medium, high or ultra.",
    )
    batch_size: int = Field(
        default=4, ge=1, le=64, description="How many things of a kind are worked on at once."
    )
    parallel_processing: bool = Field(
        default=True, description="Run independent stages side by side."
    )
    thumbnail_resolution: str = Field(
        default="1920x1080",
        pattern="^(1280x720|1920x1080)$",
        description="Size of the thumbnails, pixels: 1280x720 or 1920x1080.",
    )
    enable_aggressive_caching: bool = Field(
        default=False, description="Keep answers of services for a day and research for a week."
    )
    enable_ai_analysis: bool = Field(
        default=True, description="Let Gemini direct where there is a key."
    )
    use_procedural_generation: bool = Field(
        default=False, description="Draw instead of asking a service for pictures."
    )
    skip_optional_stages: bool = Field(
        default=False, description="Leave out the stages that a film can do without."
    )
    use_cached_data_only: bool = Field(
        default=False, description="Ask no service; take what is kept."
    )
    max_memory_gb: float = Field(
        default=16.0, gt=0, description="Most memory that a run may take, GB."
    )


class ProjectSettings(Model):
    """What one project was made with: what is wanted of the film, and how hard to work for it."""

    preferences: UserPreferences = UserPreferences()
    processing: ProcessingPreferences = ProcessingPreferences()
