"""What was heard."""

from __future__ import annotations

from pydantic import Field

from ai_video_editor.context.base import Confidence, MediaRef, Model, Seconds, SourceSpan


class Word(SourceSpan):
    """One word as the recogniser wrote it, punctuation attached."""

    text: str
    confidence: Confidence
    filler: bool = False
    """Said without meaning: um, uh, a *you know* used as one."""


class Sentence(SourceSpan):
    """A run of words up to a full stop or a long pause, with how it was said."""

    text: str
    first_word: int
    """Index into `AudioAnalysis.words`."""
    last_word: int
    """Index after the sentence's last word (half-open)."""
    confidence: Confidence
    question: bool = False
    loudness: float | None = None
    """RMS level, dBFS."""
    pitch: float | None = None
    """Median fundamental, Hz; None where nothing was voiced."""
    pitch_range: float | None = None
    """10th to 90th percentile of the fundamental, semitones."""
    rate: float | None = None
    """Words a minute."""
    emphasis: Confidence = 0.0
    """How much it stands out against this speaker's other sentences."""


class Pause(SourceSpan):
    """Silence between two stretches of speech."""

    kind: str = Field(pattern="^(breath|beat|dead_air)$")
    """breath under 0.35 s, beat up to 0.8 s, dead_air above."""
    deliberate: bool = False
    """After a question or before a punch line: shortened less."""
    reason: str = ""


class Filler(SourceSpan):
    """One filler event, in one word, several, or only in the sound."""

    text: str
    confidence: Confidence
    evidence: str
    """How it was found: word list, context rule, hum in a gap …"""
    first_word: int | None = None
    """Index into `AudioAnalysis.words`, None for one the recogniser did not write."""
    last_word: int | None = None
    """Index after its last word (half-open)."""


class Retake(SourceSpan):
    """A passage that was begun again; this range is the abandoned one."""

    text: str
    kind: str = Field(default="retake", pattern="^(retake|false_start|repeat)$")
    confidence: Confidence
    kept_start: Seconds
    kept_end: Seconds
    """The take that stays, on the same input's timeline."""
    kept_text: str
    first_word: int
    last_word: int
    """Words abandoned, half-open."""


class Music(Model):
    """Rhythm of a recording that music dominates."""

    tempo: float
    """Beats a minute."""
    beats: tuple[Seconds, ...]
    sections: tuple[Seconds, ...] = ()
    """Times at which a new section begins."""
    confidence: Confidence
    input: int = 0


class ExtractedAudio(Model):
    """The sound of an input on its container's clock: 16 kHz mono PCM WAV, for analysis only."""

    input: int
    wav: MediaRef
    duration: Seconds
    peak: float
    """dBFS; -120 for digital silence."""
    loudness: float | None
    """Integrated loudness, LUFS; None for silence."""
    noise_floor: float
    """10th percentile of the level of 10 ms frames, dBFS."""


class AudioAnalysis(Model):
    """Words, silence and voice of all inputs, ordered by input, then time."""

    engine: str
    """Which recogniser the words are from: whisper, sphinx, imported, or none."""
    language: str
    """ISO 639-1 code, "und" where no words were recognised."""
    quality: Confidence
    """How far the words can be trusted; below `print_threshold` they stay out of print."""
    print_threshold: Confidence = 0.6
    kind: str = Field(default="speech", pattern="^(speech|music|mixed|silent|none)$")
    """What dominates the sound; none where there is no sound."""
    words: tuple[Word, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    pauses: tuple[Pause, ...] = ()
    fillers: tuple[Filler, ...] = ()
    retakes: tuple[Retake, ...] = ()
    speech: tuple[SourceSpan, ...] = ()
    """Ranges with voice in them."""
    music: tuple[Music, ...] = ()
    extracted: tuple[ExtractedAudio, ...] = ()
    notes: tuple[str, ...] = ()
    """What would help, what was doubtful."""

    @property
    def printable(self) -> bool:
        """Whether the words may stand in titles, thumbnails and charts."""
        return bool(self.words) and self.quality >= self.print_threshold


AudioAnalysisResult = AudioAnalysis
"""The design documents' name."""
