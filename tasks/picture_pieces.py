"""The film's picture in pieces, each a task of its own with a persisted result."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ai_video_editor.context.base import MediaRef, Model
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.look.brand import worn
from ai_video_editor.progress import Report
from ai_video_editor.section_view import SectionView
from ai_video_editor.settings import Settings
from ai_video_editor.stages import stage
from ai_video_editor.store import Store
from tasks.brand_kit import brand_hashes, brand_of
from tasks.pieces import PieceTask

if TYPE_CHECKING:
    from ai_video_editor.composition.smart.piece import Piece
    from ai_video_editor.composition.smart.render import EncodePieces


class PicturePiece(Model):
    """An encoded piece of the film's picture, without sound."""

    picture: MediaRef
    frames: int


def _encode(
    payload: dict[str, Any], store: Store, settings: Settings, report: Report
) -> PicturePiece:
    # a run that reuses its film need not load what renders
    from ai_video_editor.composition.smart.encoding import checked_piece, encode_piece
    from ai_video_editor.composition.smart.piece import piece_from

    piece = piece_from(payload["piece"])
    files = [VideoFile.model_validate(file) for file in payload["files"]]
    with store.scratch_folder() as scratch, worn(brand_of(stage("video_composition"), settings)):
        path = encode_piece(
            piece,
            [(file, store.input_path(file.sha256)) for file in files],
            store.media_path,
            parallel=settings.processing_preferences.parallel_processing,
            scratch=scratch,
            timeout=settings.run.stage_timeout,
            report=report,
        )
        checked_piece(piece, path)
        return PicturePiece(picture=store.put_media(path), frames=piece.frames)


PICTURE = PieceTask(stage("video_composition"), "picture", PicturePiece, _encode, uses=("encoder",))


def encoded_as_tasks(
    view: SectionView, settings: Settings, files: Sequence[tuple[VideoFile, Path]]
) -> EncodePieces:
    """Encodes pieces as tasks, wherever the pieces' runner runs them.

    Args:
        view: of the stage.
        settings: of the run.
        files: the inputs.
    """
    inputs = [file.model_dump(mode="json") for file, _ in files]

    def encode(pieces: Sequence[Piece], report: Report) -> Sequence[Path]:
        # Captions name their font; its file is known by the kit's hashes alone.
        given = settings.look.brand
        brand = {"brand": brand_hashes(given)} if given is not None else {}
        payloads = [{"piece": piece.payload(), "files": inputs, **brand} for piece in pieces]
        made = PICTURE.map(payloads, view, settings, report)
        return [view.path(piece.picture) for piece in made]

    return encode
