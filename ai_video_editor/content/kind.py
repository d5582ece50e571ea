"""What kind of film it is, and why we think so."""

from __future__ import annotations

import re

from ai_video_editor.content.finance import FINANCIAL_DENSITY, FinancialFindings
from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.inputs import ContentType, UserPreferences
from ai_video_editor.context.video import VideoAnalysis
from ai_video_editor.language.transcript import printed_sentences

_TEACHES = re.compile(
    r"\b(explain|learn|understand|for example|that means|which means|this means|is called|"
    r"the reason|"
    r"how to|how do|how does|what is|why do|why does|step (?:one|two|three)|first|second|"
    r"in other words|"
    r"let's (?:look|say|take|talk)|remember|the key|chapter|lesson|definition|imagine|suppose|"
    r"let me show|show you|that is why|that's why|here's how|what does|so that you)\b",
    re.I,
)

_TEACHING_RATE = 1.0
"""Teaching phrases in 100 words above which a talk explains rather than tells."""


def guess_kind(
    audio: AudioAnalysis | None,
    video: VideoAnalysis | None,
    financial: FinancialFindings | None,
    preferences: UserPreferences,
) -> tuple[ContentType, str]:
    """Content type and the reason in words; what the user gave is not guessed."""
    if preferences.content_type is not None:
        return preferences.content_type, "as given"
    if audio is not None and audio.kind == "music":
        return ContentType.MUSIC, "music dominates the sound"
    if audio is None or not audio.words:
        return ContentType.GENERAL, "no words were recognised"
    if not audio.printable:
        return ContentType.GENERAL, "the words are too uncertain to tell"
    several = financial is not None and len(financial.concepts) >= 2
    if financial is not None and several and financial.density >= FINANCIAL_DENSITY:
        named = ", ".join(c.phrase for c in financial.concepts[:3])
        return ContentType.FINANCIAL, f"financial concepts throughout: {named}"
    text = " ".join(s.text for s in printed_sentences(audio))
    count = len(text.split())
    cues = _TEACHES.findall(text)
    slides = video is not None and any(shot.kind == "slide" for shot in video.shots)
    if count >= 40 and (len(cues) * 100 / count >= _TEACHING_RATE or (slides and cues)):
        shown = ", ".join(f'"{cue.lower()}"' for cue in list(dict.fromkeys(cues))[:3])
        return ContentType.EDUCATIONAL, f"it explains: {shown}" + (" with slides" if slides else "")
    return ContentType.GENERAL, "neither music, finance nor teaching stands out"
