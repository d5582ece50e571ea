"""The film's sound from its recordings to what is encoded: cut, cleaned, music, loudness."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ai_video_editor.composition.joins import sound_offsets
from ai_video_editor.composition.loudness import Mastered, mastered
from ai_video_editor.composition.music import with_music
from ai_video_editor.composition.sound import CutSound, cut_sound
from ai_video_editor.composition.steps import part_of, time_left
from ai_video_editor.composition.timeline import Section
from ai_video_editor.composition.treatment import Treatment, treated
from ai_video_editor.composition.voices import Voices
from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.progress import Report, silent
from ai_video_editor.settings import CompositionSettings
from ai_video_editor.timebase import TimeMap


@dataclass(frozen=True)
class Soundtrack:
    """What a film's sound is made of.

    Attributes:
        plan: the edit.
        time_map: the film's clock.
        sections: the cut, in film order.
        files: the inputs and where they lie.
        audio: what was heard; None where the analysis failed.
        audio_track: number of the sound track to keep, or "mix".
        settings: loudness, fades, noise, voice, music.
    """

    plan: AIDirectorPlan
    time_map: TimeMap
    sections: Sequence[Section]
    files: Sequence[tuple[VideoFile, Path]]
    audio: AudioAnalysis | None
    audio_track: str
    settings: CompositionSettings

    def render(self, scratch: Path, *, timeout: float, report: Report = silent) -> Mastered:
        """Make it; what is not needed any more is removed on the way.

        Args:
            scratch: folder for files; the result lies in it.
            timeout: seconds for all of it.
            report: told the share done.

        Raises:
            InputError: the music cannot be used.
            MediaError: ffmpeg failed.
            ProcessingTimeoutError: it took too long.
            DiskSpaceError: the disk is full.
        """
        end = time.monotonic() + timeout
        scratch.mkdir(parents=True, exist_ok=True)
        voices = Voices(self.audio)
        sound = self._cut(scratch / "cut.f32", end, part_of(report, 0.0, 0.5))
        sound = self._treated(sound, scratch / "treated.f32", end)
        sound = self._with_music(sound, voices, scratch, end, part_of(report, 0.5, 0.7))
        master = self._master(sound, scratch, end, part_of(report, 0.7, 1.0))
        if master.path != sound.path:
            sound.path.unlink(missing_ok=True)
        return replace(master, notes=(*sound.notes, *master.notes))

    def _cut(self, target: Path, end: float, report: Report) -> CutSound:
        return cut_sound(
            self.sections,
            self.files,
            self.time_map.rate,
            frames=self.time_map.frames,
            audio_track=self.audio_track,
            edge_fade=self.settings.edge_fade,
            target=target,
            timeout=time_left(end),
            audio=self.audio,
            offsets=sound_offsets(self.plan, self.time_map),
            report=report,
        )

    def _treated(self, sound: CutSound, target: Path, end: float) -> CutSound:
        treatment = Treatment(self.settings.denoise, self.settings.voice_eq)
        clean = treated(sound, treatment, target=target, timeout=time_left(end))
        if clean.path != sound.path:
            sound.path.unlink(missing_ok=True)
        return clean

    def _with_music(
        self, sound: CutSound, voices: Voices, scratch: Path, end: float, report: Report
    ) -> CutSound:
        if self.settings.music is None:
            return sound
        mixed = with_music(
            sound,
            self.settings.music,
            voices.on_film(self.time_map),
            alone=self.settings.loudness,
            target=scratch / "mixed.f32",
            timeout=time_left(end),
            report=report,
        )
        if mixed.path != sound.path:
            sound.path.unlink(missing_ok=True)
        return mixed

    def _master(self, sound: CutSound, scratch: Path, end: float, report: Report) -> Mastered:
        if not sound.audible:
            return Mastered(sound.path, sound.samples, 0.0, None)
        return mastered(
            sound,
            target=self.settings.loudness,
            max_gain=self.settings.max_gain,
            speech=self.audio is not None and bool(self.audio.speech or self.audio.words),
            scratch=scratch,
            timeout=time_left(end),
            report=report,
        )
