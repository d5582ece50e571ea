"""Listening, pieces, recognition and joining as steps of their own."""

from __future__ import annotations

import hashlib
import itertools
import wave
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from ai_video_editor.audio.analyzer import AudioAnalyzer
from ai_video_editor.audio.listening import Listened
from ai_video_editor.audio.pieces import PieceWords, SpeechPiece
from ai_video_editor.audio.transcription.whisper import WhisperTranscriber
from ai_video_editor.context.base import MediaRef
from ai_video_editor.errors import FileCorruptionError
from ai_video_editor.media.probe import probe
from ai_video_editor.settings import AudioSettings

Keep = Callable[[Path], MediaRef]
Find = Callable[[MediaRef], Path]


@pytest.fixture
def long_talk(speech_samples: Path, tmp_path: Path) -> Path:
    """The three samples one after the other."""
    path = tmp_path / "talk.wav"
    with wave.open(str(path), "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(16_000)
        for name in ("sample3", "sample2", "sample3"):
            with wave.open(str(speech_samples / f"{name}.wav")) as source:
                target.writeframes(source.readframes(source.getnframes()))
    return path


@pytest.fixture
def listened(long_talk: Path, tmp_path: Path, shelf: Keep) -> Listened:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    file = probe(long_talk, hashlib.sha256(long_talk.read_bytes()).hexdigest())
    return AudioAnalyzer(AudioSettings()).listen(0, file, long_talk, keep=shelf, scratch=scratch)


def test_what_was_heard_goes_through_json(listened: Listened) -> None:
    assert Listened.model_validate(listened.model_dump(mode="json")) == listened
    for piece in AudioAnalyzer(AudioSettings()).pieces(listened, Fraction(15)):
        assert SpeechPiece.model_validate(piece.model_dump(mode="json")) == piece


def test_pieces_tile_the_recording_and_part_it_in_silence(listened: Listened) -> None:
    pieces = AudioAnalyzer(AudioSettings()).pieces(listened, Fraction(12))
    assert len(pieces) > 3
    assert pieces[0].start == 0
    assert pieces[-1].end == listened.duration
    assert [piece.last for piece in pieces] == [False] * (len(pieces) - 1) + [True]
    for before, after in itertools.pairwise(pieces):
        assert before.end == after.start
        assert not any(span.start < before.end < span.end for span in listened.voice)
    spans = [span for piece in pieces for span in piece.voice]
    assert [(s.start, s.end) for s in spans] == [(s.start, s.end) for s in listened.voice]
    for piece in pieces:
        assert piece.voice[-1].end - piece.voice[0].start <= 12


def test_a_recording_in_pieces_reads_like_one_in_one_piece(
    listened: Listened, long_talk: Path, find: Find, whisper_fixture: Path, tmp_path: Path
) -> None:
    settings = AudioSettings(whisper_model=str(whisper_fixture))
    analyzer = AudioAnalyzer(settings)
    file = probe(long_talk, hashlib.sha256(long_talk.read_bytes()).hexdigest())
    texts = []
    for longest in (Fraction(300), Fraction(20)):
        recognised = []
        for piece in analyzer.pieces(listened, longest):
            fresh = WhisperTranscriber(settings, tmp_path / "models", offline=True)
            words = analyzer.transcribe_piece(piece, fresh, find)
            assert PieceWords.model_validate(words.model_dump(mode="json")) == words
            recognised.append(words)
        heard = analyzer.join([file], [listened], recognised[::-1], find)
        texts.append([word.text.strip(".,?!").lower() for word in heard.words])
        starts = [word.start for word in heard.words]
        assert starts == sorted(starts)
    same = sum(a == b for a, b in zip(*texts, strict=False))
    assert abs(len(texts[0]) - len(texts[1])) <= 2
    assert same >= 0.9 * len(texts[0])


def test_music_and_silence_have_no_pieces(tmp_path: Path, shelf: Keep) -> None:
    path = tmp_path / "silence.wav"
    with wave.open(str(path), "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(16_000)
        target.writeframes(np.zeros(32_000, "<i2").tobytes())
    file = probe(path, hashlib.sha256(path.read_bytes()).hexdigest())
    analyzer = AudioAnalyzer(AudioSettings())
    heard = analyzer.listen(0, file, path, keep=shelf, scratch=tmp_path)
    assert analyzer.pieces(heard, Fraction(300)) == []
    assert len(analyzer.pieces(heard, None)) == 1


def test_rows_that_are_damaged_are_named(listened: Listened, long_talk: Path, find: Find) -> None:
    find(listened.rows).write_bytes(b"nothing")
    file = probe(long_talk, hashlib.sha256(long_talk.read_bytes()).hexdigest())
    with pytest.raises(FileCorruptionError, match="--fresh"):
        AudioAnalyzer(AudioSettings()).join([file], [listened], [], find)
