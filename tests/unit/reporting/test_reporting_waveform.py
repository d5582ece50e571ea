"""The annotated picture of a recording."""

from __future__ import annotations

import re
import wave
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from ai_video_editor.context.audio import AudioAnalysis, Filler, Pause, Retake, Word
from ai_video_editor.reporting.edit import Removed
from ai_video_editor.reporting.envelope import STEP, Envelope, envelope_of
from ai_video_editor.reporting.waveform import ROW_SECONDS, waveform_svg
from ai_video_editor.timebase import TimeRange, source_time


def word(text: str, start: float, end: float, sure: float = 0.9, filler: bool = False) -> Word:
    return Word(
        text=text, start=source_time(start), end=source_time(end), confidence=sure, filler=filler
    )


def removed(start: float, end: float, kind: str, source_input: int = 0) -> Removed:
    return Removed(source_input, TimeRange(source_time(start), source_time(end)), kind)


@pytest.fixture
def audio() -> AudioAnalysis:
    return AudioAnalysis(
        engine="whisper",
        language="en",
        quality=0.87,
        words=(
            word("Um,", 0.5, 0.9, filler=True),
            word("this", 1.0, 1.3),
            word("<b>&you", 1.4, 1.8, sure=0.3),
            word("Second", 12.0, 12.5),
        ),
        fillers=(
            Filler(
                start=source_time(0.5), end=source_time(0.9), text="Um,", confidence=0.9,
                evidence="hesitation word", first_word=0, last_word=1,
            ),
            Filler(
                start=source_time(3.0), end=source_time(3.4), text="(um)", confidence=0.7,
                evidence="hum in a gap between words",
            ),
        ),
        pauses=(
            Pause(start=source_time(1.8), end=source_time(3.0), kind="dead_air"),
            Pause(
                start=source_time(4.0), end=source_time(7.0), kind="dead_air", deliberate=True,
                reason="after a question",
            ),
        ),
        retakes=(
            Retake(
                start=source_time(1.0), end=source_time(1.8), text="this you", confidence=0.9,
                kept_start=source_time(12.0), kept_end=source_time(12.5), kept_text="Second",
                first_word=1, last_word=3,
            ),
        ),
    )  # fmt: skip


@pytest.fixture
def envelope() -> Envelope:
    return Envelope(np.tile(np.array([0.0, 0.5], np.float32), 750))


def texts(svg: str) -> list[str]:
    return [
        str(e.text) for e in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    ]


def test_every_word_and_length_stands_in_the_picture(
    audio: AudioAnalysis, envelope: Envelope
) -> None:
    svg = waveform_svg(audio, envelope, name="talk.mp4")
    shown = texts(svg)
    assert shown[0] == "talk.mp4"
    assert {"Um,", "this", "Second", "(um)", "1.2 s", "3.0 s after a question"} <= set(shown)
    assert "2 fillers" in shown[1]
    assert svg.count("<g ") == 2  # 15 s in rows of 10 s


def test_foreign_text_is_data(audio: AudioAnalysis, envelope: Envelope) -> None:
    svg = waveform_svg(audio, envelope, name="</svg><script>alert(1)</script>")
    assert "<script" not in svg
    assert "<b>&you" in texts(svg)


def test_what_was_cut_is_tinted_struck_out_and_measured(
    audio: AudioAnalysis, envelope: Envelope
) -> None:
    cuts = [removed(0.4, 0.95, "filler"), removed(0, 5, "pause", source_input=1)]
    svg = waveform_svg(audio, envelope, removed=cuts)
    assert "\u22120.6 s" in texts(svg) or "\u22120.5 s" in texts(svg)
    assert re.search(r'<text class="x"[^>]*>Um,<', svg)
    assert "cut: filler" in texts(svg)
    assert "cut: pause" not in texts(svg)  # another input's
    assert not re.search(r'<text class="x"[^>]*>this<', svg)


def test_a_guess_looks_like_one(audio: AudioAnalysis, envelope: Envelope) -> None:
    assert re.search(r'<text class="d"[^>]*>&lt;b&gt;', waveform_svg(audio, envelope))


def test_words_never_lie_over_each_other(envelope: Envelope) -> None:
    rushed = tuple(word("extraordinary", 0.3 * n, 0.3 * n + 0.3) for n in range(8))
    audio = AudioAnalysis(engine="whisper", language="en", quality=0.9, words=rushed)
    places: dict[str, list[float]] = {}
    for x, y in re.findall(r'<text x="([\d.]+)" y="(\d+)">extra', waveform_svg(audio, envelope)):
        places.setdefault(y, []).append(float(x))
    assert len(places) == 2
    for row in places.values():
        assert all(b - a > 80 for a, b in pairwise(row))


def test_a_long_recording_says_what_is_not_drawn(audio: AudioAnalysis) -> None:
    svg = waveform_svg(audio, Envelope(np.zeros(60_00, np.float32)), most_rows=2)
    assert svg.count("<g ") == 2
    assert f"the last {60 - 2 * ROW_SECONDS} s not drawn" in texts(svg)[1]


def test_a_picture_that_stands_alone_brings_its_colours(
    audio: AudioAnalysis, envelope: Envelope
) -> None:
    assert "--filler:" in waveform_svg(audio, envelope, alone=True)
    assert "<style" not in waveform_svg(audio, envelope)  # a page's policy refuses styles inside


def test_the_outline_is_the_loudest_sample_of_every_step(tmp_path: Path) -> None:
    samples = np.zeros(16_000, "<i2")
    samples[8_000] = -16_384
    path = tmp_path / "click.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(samples.tobytes())
    envelope = envelope_of(path)
    assert envelope.seconds == pytest.approx(1.0)
    assert np.flatnonzero(envelope.peaks).tolist() == [round(0.5 / STEP)]
    assert envelope.heights(0.0, 2.0, 4).tolist() == [0.0, 1.0, 0.0, 0.0]
