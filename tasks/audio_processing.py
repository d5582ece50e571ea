"""`audio_processing`: words by the best recogniser that is there, else speech and silence."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from ai_video_editor.audio.analyzer import AudioAnalyzer
from ai_video_editor.audio.listening import Listened
from ai_video_editor.audio.pieces import PieceWords, SpeechPiece
from ai_video_editor.audio.transcription import imported, sphinx, whisper
from ai_video_editor.audio.transcription.engine import Transcriber
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.digests import hash_file
from ai_video_editor.progress import Report
from ai_video_editor.section_view import SectionView
from ai_video_editor.settings import Settings
from ai_video_editor.stages import stage
from ai_video_editor.store import Store
from tasks.pieces import PieceTask
from tasks.recognisers import no_whisper, whisper_transcriber
from tasks.stage import Processor, StageTask, Unavailable

Words = PieceTask[PieceWords]
Work = Callable[[SectionView, Settings], None]
MakeTranscriber = Callable[[Settings], Transcriber | None]
STAGE = stage("audio_processing")


def _listen(payload: dict[str, Any], store: Store, settings: Settings, report: Report) -> Listened:
    file = VideoFile.model_validate(payload["file"])
    with store.scratch_folder() as scratch:
        return AudioAnalyzer(settings.audio).listen(
            payload["index"],
            file,
            store.input_path(file.sha256),
            keep=store.put_media,
            scratch=scratch,
            report=report,
        )


LISTENING = PieceTask(STAGE, "listening", Listened, _listen, ("audio.audio_track",))


def _words(
    make: MakeTranscriber,
    name: str,
    material: Callable[[Settings], Any],
    uses: tuple[str, ...] = (),
) -> Words:
    """The task that recognises one piece with one recogniser."""

    def work(
        payload: dict[str, Any], store: Store, settings: Settings, report: Report
    ) -> PieceWords:
        transcriber = make(settings)
        assert transcriber is not None  # the processor without one asks for no words
        return AudioAnalyzer(settings.audio).transcribe_piece(
            SpeechPiece.model_validate(payload), transcriber, store.media_path, report
        )

    return PieceTask(
        STAGE,
        name,
        PieceWords,
        work,
        ("audio.vocabulary", "audio.decode_window", "preferences.language"),
        material,
        uses=uses,
    )


def _hear(words: Words | None, *, whole: bool = False) -> Work:
    """Listen to every input, recognise it piece by piece, and join.

    Args:
        words: the task that recognises a piece; None finds speech and silence only.
        whole: one piece for each input, for transcripts that need no hearing.
    """

    def work(view: SectionView, settings: Settings) -> None:
        analyzer = AudioAnalyzer(settings.audio)
        files: tuple[VideoFile, ...] = view.read("video_files")
        listened = LISTENING.map(
            [
                {"index": index, "file": file.model_dump(mode="json")}
                for index, file in enumerate(files)
                if file.audio
            ],
            view,
            settings,
            lambda share, doing="": view.report(None if share is None else 0.3 * share, doing),
        )
        longest = None if whole else Fraction(settings.run.checkpoint_interval)
        pieces = [
            piece.model_dump(mode="json")
            for one in listened
            for piece in (analyzer.pieces(one, longest) if words else ())
        ]
        recognised = (
            words.map(
                pieces,
                view,
                settings,
                lambda share, doing="": view.report(
                    None if share is None else 0.3 + 0.65 * share, doing
                ),
            )
            if words
            else []
        )
        analysis = analyzer.join(
            files, listened, recognised, view.path, asked=words is not None, report=view.report
        )
        view.fill("audio_analysis", analysis)
        view.nothing_lost = analysis.kind in ("none", "silent", "music")

    return work


def _imported(settings: Settings) -> Transcriber | None:
    assert settings.audio.transcript is not None  # left out otherwise
    return imported.ImportedTranscriber(settings.audio.transcript)


def _transcript_hash(settings: Settings) -> Any:
    return hash_file(settings.audio.transcript) if settings.audio.transcript else None


def _model(settings: Settings) -> Any:
    return whisper.identity(settings.audio, settings.paths.home / "models")


def _no_transcript(settings: Settings) -> Unavailable | None:
    if settings.audio.transcript is None:
        return Unavailable("no transcript was given")
    return None  # whether it can be read was asked before the run


def _no_whisper(settings: Settings) -> Unavailable | None:
    if settings.audio.transcriber == "sphinx":
        return Unavailable("PocketSphinx was asked for")
    reason = no_whisper(settings)
    return None if reason is None else Unavailable(reason, wanted=True)


def _no_sphinx(settings: Settings) -> Unavailable | None:
    reason = sphinx.unavailable()
    return None if reason is None else Unavailable(reason, wanted=True)


audio_processing = StageTask(
    STAGE,
    (
        Processor(
            "imported",
            _hear(_words(_imported, "transcript", _transcript_hash), whole=True),
            _no_transcript,
            material=_transcript_hash,
        ),
        Processor(
            "whisper",
            _hear(_words(whisper_transcriber, "whisper", _model, ("whisper",))),
            _no_whisper,
            material=_model,
        ),
        Processor(
            "sphinx",
            _hear(_words(lambda settings: sphinx.SphinxTranscriber(), "sphinx", lambda s: None)),
            _no_sphinx,
        ),
        Processor("speech_only", _hear(None)),
    ),
)
