"""A recording in pieces that are recognised one by one: cut at silences, joined without a seam.

The pieces of an input tile it from end to end and every border lies in a silence (or, where there
is none, at the quietest moment), so a word belongs to exactly one piece.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from ai_video_editor.audio.listening import Listened, OpenMedia
from ai_video_editor.audio.transcription.engine import PerInput, Transcriber, gathered
from ai_video_editor.context.audio import Word
from ai_video_editor.context.base import Confidence, MediaRef, SourceSpan
from ai_video_editor.progress import Report, silent
from ai_video_editor.timebase import SourceTime

_SUNG = 0.02
"""Share of a recording with voice from which words are looked for."""


class SpeechPiece(SourceSpan):
    """A part of one input that is recognised at once.

    Attributes:
        number: counts the pieces of its input from 0.
        last: whether it is its input's last; words written past the end belong to it.
        wav: the input's analysis sound, whole.
        voice: ranges with voice inside it.
    """

    number: int
    last: bool
    wav: MediaRef
    voice: tuple[SourceSpan, ...]


class PieceWords(SourceSpan):
    """What was recognised in one piece.

    Attributes:
        number: of the piece.
        engine: the recogniser's name.
        words: in order of time, none past the piece.
        language: ISO 639-1 code, "und" where unknown.
        quality: how far the words can be trusted.
        left_out: words the recogniser made up and that were left out.
        timed: whether most words have times of their own.
        notes: what was doubtful or repaired.
    """

    number: int
    engine: str
    words: tuple[Word, ...]
    language: str
    quality: Confidence
    left_out: int = 0
    timed: bool = True
    notes: tuple[str, ...] = ()


def find_pieces(listened: Listened, longest: Fraction | None) -> list[SpeechPiece]:
    """The pieces of one input in order; none where nobody speaks.

    Args:
        listened: the input.
        longest: seconds of voice and the pauses in it that a piece holds at most. None makes one
            piece of the whole input, voice or not: for transcripts that need no hearing.
    """
    if longest is None:
        return [_piece(listened, 0, True, SourceTime(Fraction(0)), None, listened.voice)]
    voiced = listened.voice_seconds > float(listened.duration) * _SUNG
    if not voiced or listened.kind == "silent" or not listened.voice:
        return []
    ranges = [span.range for span in listened.voice]
    groups = gathered(ranges, longest)
    borders = [
        SourceTime((before[-1].end + after[0].start) / 2) for before, after in pairwise(groups)
    ]
    starts = [SourceTime(Fraction(0)), *borders]
    ends: list[SourceTime | None] = [*borders, None]
    return [
        _piece(
            listened,
            number,
            number == len(groups) - 1,
            starts[number],
            ends[number],
            [SourceSpan(start=s.start, end=s.end, input=listened.input) for s in group],
        )
        for number, group in enumerate(groups)
    ]


def _piece(
    listened: Listened,
    number: int,
    last: bool,
    start: SourceTime,
    end: SourceTime | None,
    voice: Sequence[SourceSpan],
) -> SpeechPiece:
    return SpeechPiece(
        input=listened.input,
        number=number,
        last=last,
        start=start,
        end=SourceTime(max(listened.duration, start)) if end is None else end,
        wav=listened.sound.wav,
        voice=tuple(voice),
    )


def recognise(
    piece: SpeechPiece,
    transcriber: Transcriber,
    open_media: OpenMedia,
    report: Report = silent,
) -> PieceWords:
    """The words of one piece.

    Args:
        piece: which part of which input.
        transcriber: recognises the words.
        open_media: where the WAV lies.
        report: told the share done.

    Raises:
        UnavailableError: the recogniser cannot run here.
        InputError: an imported transcript cannot be used.
        MediaError: the recogniser failed on the sound.
    """
    asked = transcriber.for_input(piece.input) if isinstance(transcriber, PerInput) else transcriber
    ranges = [span.range for span in piece.voice]
    transcript = asked.transcribe(open_media(piece.wav), ranges, report)
    own = tuple(
        word.model_copy(update={"input": piece.input})
        for word in transcript.words
        if _belongs(word, piece)
    )
    return PieceWords(
        input=piece.input,
        number=piece.number,
        start=piece.start,
        end=piece.end,
        engine=transcriber.name,
        words=own,
        language=transcript.language,
        quality=transcript.quality,
        left_out=transcript.left_out,
        timed=transcript.timed,
        notes=transcript.notes,
    )


def _belongs(word: Word, piece: SpeechPiece) -> bool:
    middle = (word.start + word.end) / 2
    return piece.start <= middle and (piece.last or middle < piece.end)
