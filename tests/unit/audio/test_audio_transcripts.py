"""Transcripts that somebody made already, and what can be known of Whisper before it runs."""

from __future__ import annotations

import itertools
import json
import shutil
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_video_editor.audio.inventions import without_loops
from ai_video_editor.audio.transcription import imported, sphinx, whisper
from ai_video_editor.audio.transcription.engine import ScriptedTranscriber, decode_windows
from ai_video_editor.audio.transcription.imported import ImportedTranscriber
from ai_video_editor.context.audio import Word
from ai_video_editor.errors import InputError
from ai_video_editor.progress import silent
from ai_video_editor.settings import AudioSettings
from ai_video_editor.timebase import SourceTime, TimeRange, source_time


def read(path: Path) -> list[tuple[str, float, float]]:
    words = ImportedTranscriber(path).transcribe(Path("none.wav"), [], silent).words
    return [(word.text, float(word.start), float(word.end)) for word in words]


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def span(start: float, end: float) -> TimeRange[SourceTime]:
    return TimeRange(source_time(start), source_time(end))


def test_a_subtitle_line_is_spread_over_its_words(tmp_path: Path) -> None:
    path = write(tmp_path, "t.srt", "1\n00:00:01,000 --> 00:00:03,000\nHello <i>there</i>, all.\n")
    words = read(path)
    assert [text for text, _, _ in words] == ["Hello", "there,", "all."]
    assert words[0][1] == 1.0
    assert words[-1][2] == pytest.approx(3.0)


def test_a_line_is_spread_over_its_voice_and_not_over_its_pause(tmp_path: Path) -> None:
    path = write(tmp_path, "t.srt", "1\n00:00:00,000 --> 00:00:04,000\naaaa bbbb\n")
    spans = [span(0.0, 1.0), span(3.0, 4.0)]
    words = ImportedTranscriber(path).transcribe(Path("none.wav"), spans, silent).words
    assert [(float(w.start), float(w.end)) for w in words] == [(0.0, 1.0), (3.0, 4.0)]


def test_word_times_inside_web_captions_are_kept_and_rolling_lines_are_read_once(
    tmp_path: Path,
) -> None:
    path = write(
        tmp_path,
        "t.vtt",
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n \nwe<00:00:01.400><c> save</c>\n\n"
        "00:00:02.000 --> 00:00:02.010\nwe save\n \n\n"
        "00:00:02.010 --> 00:00:03.000\nwe save\nmoney<00:00:02.500><c> today</c>\n",
    )
    words = read(path)
    assert [text for text, _, _ in words] == ["we", "save", "money", "today"]
    assert words[1][1] == pytest.approx(1.4)
    assert words[3][1] == pytest.approx(2.5)


@pytest.mark.parametrize(
    "data",
    [
        {"text": "Hi all", "segments": [{"start": 0, "end": 2, "text": " Hi all", "words": [
            {"word": " Hi", "start": 0.5, "end": 0.9, "probability": 0.9},
            {"word": " all", "start": 1.0, "end": 1.5, "probability": 0.8}]}]},
        {"word_segments": [
            {"word": "Hi", "start": 0.5, "end": 0.9, "score": 0.9},
            {"word": "all", "start": 1.0, "end": 1.5, "score": 0.8}]},
        {"words": [
            {"text": "Hi", "start": 0.5, "end": 0.9, "confidence": 0.9, "filler": False},
            {"text": "all", "start": 1.0, "end": 1.5, "confidence": 0.8, "filler": False}]},
        [{"content": "hi all", "start": 0.5, "end": 1.5, "words": [
            {"word": "Hi", "start": 0.5, "end": 0.9, "conf": 0.9},
            {"word": "all", "start": 1.0, "end": 1.5, "conf": 0.8}]}],
        {"result": [
            {"word": "Hi", "start": 0.5, "end": 0.9, "conf": 0.9},
            {"word": "all", "start": 1.0, "end": 1.5, "conf": 0.8}], "text": "Hi all"},
    ],
    ids=["whisper", "whisperx", "ours", "videogrep", "vosk"],
)  # fmt: skip
def test_the_json_of_every_common_recogniser_is_read(tmp_path: Path, data: object) -> None:
    words = read(write(tmp_path, "t.json", json.dumps(data)))
    assert [(text.lower(), start, end) for text, start, end in words] == [
        ("hi", 0.5, 0.9),
        ("all", 1.0, 1.5),
    ]


def test_a_number_without_times_is_laid_between_its_neighbours(tmp_path: Path) -> None:
    words = [
        {"word": "save", "start": 0.0, "end": 0.5},
        {"word": "$500"},
        {"word": "now", "start": 1.5, "end": 2.0},
    ]
    data = {"segments": [{"start": 0.0, "end": 2.0, "text": "save $500 now", "words": words}]}
    assert read(write(tmp_path, "t.json", json.dumps(data)))[1] == ("$500", 0.5, 1.5)


def test_words_of_several_inputs_are_told_apart(tmp_path: Path) -> None:
    words = [
        {"text": "one", "start": 0.0, "end": 0.5, "input": 0},
        {"text": "two", "start": 0.0, "end": 0.5, "input": 1},
    ]
    path = write(tmp_path, "t.json", json.dumps({"words": words}))
    second = ImportedTranscriber(path).for_input(1).transcribe(Path("none.wav"), [], silent)
    assert [word.text for word in second.words] == ["two"]


def test_overlapping_lines_are_put_in_order_and_noted(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "t.srt",
        "1\n00:00:00,000 --> 00:00:02,000\none\n\n2\n00:00:01,000 --> 00:00:03,000\ntwo\n",
    )
    transcript = ImportedTranscriber(path).transcribe(Path("none.wav"), [], silent)
    first, second = transcript.words
    assert first.end <= second.start
    assert "overlapped" in transcript.notes[0]


def test_a_transcript_that_is_not_utf_8_is_read_and_noted(tmp_path: Path) -> None:
    path = tmp_path / "t.srt"
    path.write_bytes("1\n00:00:00,000 --> 00:00:02,000\ncafé\n".encode("cp1252"))
    transcript = ImportedTranscriber(path).transcribe(Path("none.wav"), [], silent)
    assert transcript.words[0].text == "café"
    assert "not UTF-8" in transcript.notes[0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("t.txt", "hello"),
        ("t.srt", ""),
        ("t.json", "{"),
        ("t.json", "[1, 2]"),
        ("t.json", '{"words": [{"text": "a", "start": "x", "end": 1}]}'),
        ("t.json", '{"words": [{"text": "a", "start": NaN, "end": 1}]}'),
        ("t.json", '{"words": [{"text": "a"}]}'),
        ("t.vtt", "WEBVTT\n"),
    ],
)
def test_a_transcript_that_cannot_be_read_says_why(tmp_path: Path, name: str, text: str) -> None:
    path = write(tmp_path, name, text)
    with pytest.raises(InputError, match=name):
        read(path)
    reason = imported.unavailable(path)
    assert reason is not None
    assert name in reason


def test_a_missing_transcript_is_named(tmp_path: Path) -> None:
    assert "not there" in (imported.unavailable(tmp_path / "gone.srt") or "")


def test_sounds_in_brackets_are_not_words_but_fillers_are(tmp_path: Path) -> None:
    path = write(tmp_path, "t.srt", "1\n00:00:00,000 --> 00:00:02,000\n[music] so [UM] yes ♪\n")
    assert [text for text, _, _ in read(path)] == ["so", "UM", "yes"]


# --- Whisper and PocketSphinx before they run ------------------------------------------------


def test_a_complete_model_folder_can_be_used(whisper_fixture: Path, tmp_path: Path) -> None:
    settings = AudioSettings(whisper_model=str(whisper_fixture))
    assert whisper.unavailable(settings, tmp_path, True) is None
    assert whisper.identity(settings, tmp_path).startswith("sha256:")


@pytest.mark.parametrize("gone", ["model.bin", "config.json", "tokenizer.json", "vocabulary.json"])
def test_an_incomplete_model_folder_says_what_it_lacks(
    whisper_fixture: Path, tmp_path: Path, gone: str
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(whisper_fixture, folder)
    (folder / gone).unlink()
    reason = whisper.unavailable(AudioSettings(whisper_model=str(folder)), tmp_path, True)
    assert reason is not None
    assert gone in reason


def test_a_folder_that_is_not_there_is_not_taken_for_a_name(tmp_path: Path) -> None:
    settings = AudioSettings(whisper_model=str(tmp_path / "gone"))
    assert "no folder" in (whisper.unavailable(settings, tmp_path, False) or "")


def test_a_name_needs_the_cache_or_the_network(whisper_fixture: Path, tmp_path: Path) -> None:
    settings = AudioSettings(whisper_model="small")
    assert "no network" in (whisper.unavailable(settings, tmp_path, True) or "")
    snapshots = tmp_path / "models--Systran--faster-whisper-small" / "snapshots"
    shutil.copytree(whisper_fixture, snapshots / "abc")
    assert whisper.unavailable(settings, tmp_path, True) is None
    assert whisper.identity(settings, tmp_path) == "small"


def test_a_word_that_names_no_model_is_refused(tmp_path: Path) -> None:
    settings = AudioSettings(whisper_model="smal")
    assert "no Whisper model" in (whisper.unavailable(settings, tmp_path, False) or "")


def test_pocketsphinx_comes_with_its_model() -> None:
    assert sphinx.unavailable() is None


def test_a_runaway_repetition_is_cut_to_one() -> None:
    texts = ["so", *["the", "end"] * 9, "today"]
    words = [
        Word(text=text, start=source_time(i), end=source_time(i + 1), confidence=0.9)
        for i, text in enumerate(texts)
    ]
    kept = [word.text for word in without_loops(words)]
    assert kept == ["so", "the", "end", "today"]


def test_a_script_says_the_words_inside_the_spans() -> None:
    words = tuple(
        Word(text=text, start=source_time(at), end=source_time(at + 0.5), confidence=1.0)
        for text, at in (("one", 0.0), ("two", 5.0))
    )
    transcript = ScriptedTranscriber(words).transcribe(Path("none.wav"), [span(4, 6)], silent)
    assert [word.text for word in transcript.words] == ["two"]


edges = st.lists(st.integers(1, 400), min_size=2, max_size=40, unique=True).map(sorted)


@given(edges, st.sampled_from([5.0, 12.0, 26.0, 30.0]))
def test_every_stretch_fits_the_recogniser_and_all_voice_is_heard(
    marks: list[int], longest: float
) -> None:
    spans = [
        TimeRange(source_time(Fraction(a, 4)), source_time(Fraction(b, 4)))
        for a, b in zip(marks[::2], marks[1::2], strict=False)
    ]
    windows = decode_windows(spans, longest)
    assert all(window.duration <= Fraction(longest) for window in windows)
    assert all(a.end <= b.start for a, b in itertools.pairwise(windows))
    for piece in spans:
        covered = sum(
            (part.duration for w in windows if (part := w.intersection(piece))), Fraction(0)
        )
        assert covered == piece.duration


def test_a_word_of_a_file_brings_no_line_and_no_control_with_it(tmp_path: Path) -> None:
    hostile = [
        {"word": "one\n\n2\n00:00:00,000 --> 00:00:09,000\nTwo", "start": 0, "end": 1},
        {"word": "\x1b[2Jred\x00\u2028\u202e", "start": 1, "end": 2},
        {"word": "\x00", "start": 2, "end": 2.5},
        {"word": "क्\u200dष", "start": 2.5, "end": 3},
    ]
    words = [text for text, _, _ in read(write(tmp_path, "t.json", json.dumps(hostile)))]
    assert words == ["one 2 00:00:00,000 --> 00:00:09,000 Two", "[2Jred", "क्\u200dष"]


@pytest.mark.parametrize(("name", "text"), [
    ("t.json", json.dumps({"words": [{"word": "a" * 100_000, "start": 0, "end": 1}]})),
    ("t.srt", "1\n00:00:00,000 --> 00:00:01,000\n" + "a" * 100_000 + "\n"),
    ("t.json", "[" * 100_000),
    ("t.json", '{"words": [{"word": "a", "start": ' + "9" * 100_000 + "}]}"),
])  # fmt: skip
def test_absurd_transcripts_are_refused(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(InputError, match=rf"{name} cannot be read as"):
        read(write(tmp_path, name, text))
