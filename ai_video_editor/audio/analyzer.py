"""Everything that is heard in the inputs, as one `AudioAnalysis`.

Four steps, each of values and kept files alone, so that each can be run, kept and repeated by
itself: listen to an input, part it into pieces, recognise a piece, join all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from hashlib import file_digest
from pathlib import Path

from ai_video_editor.audio.joining import join_all
from ai_video_editor.audio.listening import Keep, Listened, OpenMedia, listen_to
from ai_video_editor.audio.pieces import PieceWords, SpeechPiece, find_pieces, recognise
from ai_video_editor.audio.transcription.engine import PerInput, Transcriber
from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.progress import Report, silent
from ai_video_editor.settings import AudioSettings

PIECE = Fraction(300)
"""Seconds of a piece where nobody says how long it shall be."""

_LISTENED, _RECOGNISED = 0.3, 0.95
"""Share of the work that is done after each step (measured with a small Whisper)."""


class AudioAnalyzer:
    """Hears recordings.

    Args:
        settings: which sound track to hear, and how terms are spelt.
    """

    def __init__(self, settings: AudioSettings) -> None:
        """Keep the settings; nothing is loaded yet."""
        self.settings = settings

    def analyze_audio(
        self,
        files: Sequence[tuple[VideoFile, Path]],
        transcriber: Transcriber | None,
        *,
        keep: Callable[[Path], MediaRef],
        scratch: Path,
        report: Report = silent,
    ) -> AudioAnalysis:
        """Words, voice, pauses, fillers, retakes, prosody and music of all inputs.

        The four steps one after the other; nothing but the analysis sound is kept.

        Args:
            files: each input and where it lies, in film order.
            transcriber: recognises the words; None finds speech and silence only.
            keep: takes a finished file into the store.
            scratch: folder for files while they are made.
            report: told the share done.

        Raises:
            MediaError: a sound track cannot be read.
            UnavailableError: the recogniser cannot run here.
            InputError: there is no such track, or an imported transcript cannot be used.
        """
        shelf = _Shelf()
        heard = [index for index, (file, _) in enumerate(files) if file.audio]
        listened = [
            self.listen(
                index,
                *files[index],
                keep=shelf.keep,
                scratch=scratch,
                report=_part(report, turn / len(heard) * _LISTENED, _LISTENED / len(heard)),
            )
            for turn, index in enumerate(heard)
        ]
        pieces = [
            piece
            for one in listened
            for piece in (self.pieces(one, self._longest(transcriber)) if transcriber else ())
        ]
        length = sum((piece.end - piece.start for piece in pieces), Fraction(0))
        done = Fraction(0)
        recognised = []
        for piece in pieces:
            share = float((piece.end - piece.start) / length) if length else 1.0
            span = _RECOGNISED - _LISTENED
            start = _LISTENED + span * (float(done / length) if length else 0.0)
            part = _part(report, start, span * share)
            if transcriber is not None:
                recognised.append(self.transcribe_piece(piece, transcriber, shelf.path, part))
            done += piece.end - piece.start
        analysis = self.join(
            [file for file, _ in files],
            listened,
            recognised,
            shelf.path,
            asked=transcriber is not None,
            report=_part(report, _RECOGNISED, 1 - _RECOGNISED),
        )
        for one in listened:
            keep(shelf.path(one.sound.wav))
            shelf.path(one.rows).unlink(missing_ok=True)
        return analysis

    def listen(
        self,
        index: int,
        file: VideoFile,
        path: Path,
        *,
        keep: Keep,
        scratch: Path,
        report: Report = silent,
    ) -> Listened:
        """Extract one input's sound and find its voice; no words yet. See `listen_to`."""
        return listen_to(
            index,
            file,
            path,
            track=self.settings.audio_track,
            keep=keep,
            scratch=scratch,
            report=report,
        )

    def pieces(self, listened: Listened, longest: Fraction | None = PIECE) -> list[SpeechPiece]:
        """The pieces of one input, cut at silences; none where nobody speaks.

        Args:
            listened: the input.
            longest: seconds that a piece holds at most; None makes one piece of everything, for
                imported transcripts.
        """
        return find_pieces(listened, longest)

    def transcribe_piece(
        self,
        piece: SpeechPiece,
        transcriber: Transcriber,
        open_media: OpenMedia,
        report: Report = silent,
    ) -> PieceWords:
        """The words of one piece. See `recognise`."""
        return recognise(piece, transcriber, open_media, report)

    def join(
        self,
        files: Sequence[VideoFile],
        listened: Sequence[Listened],
        recognised: Sequence[PieceWords],
        open_media: OpenMedia,
        *,
        asked: bool = True,
        report: Report = silent,
    ) -> AudioAnalysis:
        """All inputs and pieces as one analysis. See `join_all`."""
        return join_all(
            files,
            listened,
            recognised,
            open_media,
            asked=asked,
            vocabulary=self.settings.vocabulary,
            report=report,
        )

    def _longest(self, transcriber: Transcriber | None) -> Fraction | None:
        return None if isinstance(transcriber, PerInput) else PIECE


class _Shelf:
    """Files of one analysis by what they hold, where they were made."""

    def __init__(self) -> None:
        self._paths: dict[str, Path] = {}

    def keep(self, path: Path) -> MediaRef:
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        self._paths[digest] = path
        return MediaRef(sha256=digest, suffix=path.suffix, size=path.stat().st_size)

    def path(self, ref: MediaRef) -> Path:
        return self._paths[ref.sha256]


def _part(report: Report, start: float, span: float) -> Report:
    """The report of a share of the work."""

    def told(fraction: float | None, doing: str = "") -> None:
        report(None if fraction is None else start + fraction * span, doing)

    return told
