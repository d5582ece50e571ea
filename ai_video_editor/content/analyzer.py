"""The whole of the content analysis: one value from what was heard and seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ai_video_editor.content.concepts import find_concepts
from ai_video_editor.content.emotions import find_peaks
from ai_video_editor.content.finance import (
    FinancialContentAnalyzer,
    FinancialFindings,
    said_disclaimers,
    tie,
)
from ai_video_editor.content.kind import guess_kind
from ai_video_editor.content.summary import summarised
from ai_video_editor.content.themes import find_themes, themes_of_picture
from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.content import (
    ContentSummary,
    ContentTheme,
    EmotionalPeak,
    KeyConcept,
    NumberMention,
)
from ai_video_editor.context.inputs import ContentType, UserPreferences, VideoMetadata
from ai_video_editor.context.video import VideoAnalysis, VisualHighlight
from ai_video_editor.language import wording
from ai_video_editor.language.transcript import printed_sentences, stands_alone

_LISTED = frozenset({"en", "und"})
"""Languages of the word lists; a talk in no known language is read as English."""

Method = Literal["full", "transcript", "structure"]


@dataclass(frozen=True)
class ContentFindings:
    """What a recording means.

    Attributes:
        content_type: what kind of film it is.
        summary: the whole in a few fields, with the numbers and questions that were said.
        concepts: most central first.
        themes: in order of time, without gaps inside an input.
        emotions: in order of time.
    """

    content_type: ContentType
    summary: ContentSummary
    concepts: tuple[KeyConcept, ...]
    themes: tuple[ContentTheme, ...]
    emotions: tuple[EmotionalPeak, ...]


class ContentAnalyzer:
    """Understands a recording from its words, voice and picture."""

    def __init__(self, financial: FinancialContentAnalyzer | None = None) -> None:
        """Use a taxonomy other than the shipped one where given."""
        self._financial = financial or FinancialContentAnalyzer()

    def analyze(
        self,
        audio: AudioAnalysis | None,
        video: VideoAnalysis | None,
        highlights: Sequence[VisualHighlight],
        metadata: VideoMetadata,
        preferences: UserPreferences,
        *,
        method: Method = "full",
    ) -> ContentFindings:
        """Concepts, themes, emotional peaks and the kind of film.

        Args:
            audio: words and voice; None where the sound could not be analysed.
            video: shots and faces; None where the picture could not be analysed.
            highlights: the best moments of the picture.
            metadata: what holds for the film.
            preferences: a content type given here is taken as it is.
            method: `full` takes words, voice and picture; `transcript` the words and voice alone;
                `structure` shots and pauses alone. Without words it is always `structure`.
        """
        if audio is None or not audio.words or method == "structure":
            return self._structure(audio, video, metadata, preferences)
        seen = video if method == "full" else None
        financial = self._financial.analyze(audio)
        kind, reason = guess_kind(audio, seen, financial, preferences)
        concepts = find_concepts(audio, financial.concepts, name=metadata.name)
        numbers = tie(financial.numbers, concepts)
        themes = find_themes(audio, concepts, duration=metadata.duration, numbers=numbers)
        summary = ContentSummary(
            method=method,
            content_type=kind.value,
            content_type_reason=reason,
            summary=summarised(audio, concepts),
            questions=_questions(audio),
            numbers=_marked(numbers, audio),
            disclaimers=_disclaimers(kind, financial),
            spoken_disclaimers=said_disclaimers(audio),
            notes=_notes(audio),
        )
        emotions = find_peaks(audio, seen)
        return ContentFindings(kind, summary, tuple(concepts), tuple(themes), tuple(emotions))

    def _structure(
        self,
        audio: AudioAnalysis | None,
        video: VideoAnalysis | None,
        metadata: VideoMetadata,
        preferences: UserPreferences,
    ) -> ContentFindings:
        without_words = audio.model_copy(update={"words": ()}) if audio is not None else None
        kind, reason = guess_kind(without_words, video, None, preferences)
        themes = themes_of_picture(video, metadata.duration) or _themes_of_pauses(
            audio, metadata.duration
        )
        summary = ContentSummary(
            method="structure",
            content_type=kind.value,
            content_type_reason=reason,
            notes=("Without words the analysis knows shots and pauses only.",),
        )
        return ContentFindings(kind, summary, (), tuple(themes), ())


def _themes_of_pauses(audio: AudioAnalysis | None, duration: Fraction) -> list[ContentTheme]:
    """Themes between the longest pauses, where there is no picture either."""
    from ai_video_editor.content.themes import MIN_THEME, wanted_themes

    if audio is None or not audio.speech:
        return []
    themes: list[ContentTheme] = []
    longest = sorted(audio.pauses, key=lambda p: p.start - p.end)
    for source in sorted({s.input for s in audio.speech}):
        end = max(s.end for s in audio.speech if s.input == source)
        starts = [s.start for s in audio.speech if s.input == source][:1]
        for pause in (p for p in longest if p.input == source):
            if len(starts) >= wanted_themes(duration):
                break
            if all(abs(pause.end - s) >= MIN_THEME for s in [*starts, end]):
                starts.append(pause.end)
        starts.sort()
        for at, start in enumerate(starts):
            stop = starts[at + 1] if at + 1 < len(starts) else end
            title = f"Part {len(themes) + 1}"
            themes.append(
                ContentTheme(input=source, start=start, end=stop, title=title, confidence=0.3)
            )
    return themes


def _marked(numbers: Sequence[NumberMention], audio: AudioAnalysis) -> tuple[NumberMention, ...]:
    """Numbers with whether their words are sure enough to be drawn."""
    return tuple(
        number.model_copy(
            update={
                "certain": audio.printable and number.confidence >= audio.print_threshold,
            }
        )
        for number in numbers
    )


def _questions(audio: AudioAnalysis) -> tuple[str, ...]:
    if not audio.printable:
        return ()
    found = [
        wording.without_opener(p.text)
        for p in printed_sentences(audio)
        if p.text.endswith("?") and p.confidence >= audio.print_threshold
    ]
    return tuple(dict.fromkeys(text for text in found if stands_alone(text)))[:10]


def _notes(audio: AudioAnalysis) -> tuple[str, ...]:
    """What limits the analysis of the words; that they are uncertain is told with the sound."""
    language = audio.language.split("-")[0].lower()
    if language in _LISTED:
        return ()
    return (
        f"The words are in {audio.language!r}, for which there are no word lists: concepts and "
        "feelings are found by frequency and voice alone, and numbers only where they are written "
        "in digits.",
    )


def _disclaimers(kind: ContentType, financial: FinancialFindings) -> tuple[str, ...]:
    """What the description of a financial film must say."""
    if kind is not ContentType.FINANCIAL:
        return ()
    return tuple(financial.disclaimers)
