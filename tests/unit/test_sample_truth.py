"""The bundled sample and what is known of it."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import pytest

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    value: dict[str, Any] = json.loads((SAMPLES / "truth.json").read_text(encoding="utf-8"))
    return value


def inside(span: dict[str, Any], duration: float) -> bool:
    start, end = float(span["start"]), float(span["end"])
    return 0 <= start < end <= duration


def test_words_follow_each_other_inside_the_film(truth: dict[str, Any]) -> None:
    words = truth["words"]
    assert len(words) > 100
    assert all(inside(word, truth["duration"]) for word in words)
    assert all(one["end"] <= other["start"] + 1e-3 for one, other in pairwise(words))


def test_there_is_enough_for_an_editor_to_find(truth: dict[str, Any]) -> None:
    assert len(truth["fillers"]) >= 8
    assert len({filler["text"] for filler in truth["fillers"]}) >= 6
    assert len(truth["pauses"]) >= 6
    assert sum(pause["deliberate"] for pause in truth["pauses"]) >= 1
    assert len(truth["retakes"]) == 1
    assert len(truth["chapters"]) >= 3


def test_a_filler_is_made_of_the_words_marked_as_filler(truth: dict[str, Any]) -> None:
    marked = [word for word in truth["words"] if word["filler"]]
    spans = [(filler["start"], filler["end"]) for filler in truth["fillers"]]
    for word in marked:
        assert any(start <= word["start"] and word["end"] <= end for start, end in spans)
    assert sum(len(filler["text"].split()) for filler in truth["fillers"]) == len(marked)
    assert not any(word["protected"] for word in marked)


def test_no_word_is_said_in_a_pause(truth: dict[str, Any]) -> None:
    for pause in truth["pauses"]:
        assert inside(pause, truth["duration"])
        assert pause["end"] - pause["start"] > 0.8
        assert not any(
            word["start"] < pause["end"] - 1e-3 and pause["start"] + 1e-3 < word["end"]
            for word in truth["words"]
        )


def test_the_pause_after_the_question_is_meant(truth: dict[str, Any]) -> None:
    questions = [word["end"] for word in truth["words"] if word["text"].endswith("?")]
    deliberate = [pause["start"] for pause in truth["pauses"] if pause["deliberate"]]
    assert deliberate == pytest.approx(questions, abs=1e-3)


def test_the_retake_is_said_again_and_the_numbers_kept_are_protected(
    truth: dict[str, Any],
) -> None:
    retake = truth["retakes"][0]
    assert retake["end"] <= retake["kept_start"] < retake["kept_end"]
    assert retake["kept_text"].lower().startswith("imagine you invest five hundred dollars")
    assert retake["text"].lower().startswith("imagine you invest five hundred dollars")
    abandoned = [w for w in truth["words"] if retake["start"] <= w["start"] < retake["end"]]
    kept = [w for w in truth["words"] if retake["kept_start"] <= w["start"] < retake["kept_end"]]
    assert not any(word["protected"] for word in abandoned)
    assert any(word["protected"] for word in kept)


def test_the_numbers_are_said(truth: dict[str, Any]) -> None:
    said = " ".join(word["text"].strip(".,?!") for word in truth["words"]).lower()
    assert all(number["text"] in said for number in truth["numbers"])


def test_shots_fill_the_film_without_a_gap(truth: dict[str, Any]) -> None:
    shots = truth["shots"]
    assert shots[0]["start"] == 0
    assert shots[-1]["end"] == truth["duration"]
    assert all(one["end"] == other["start"] for one, other in pairwise(shots))
    assert all(one["kind"] != other["kind"] for one, other in pairwise(shots))
    assert {shot["kind"] for shot in shots} == {"presenter", "title", "chart", "rules"}


def test_the_film_is_small_and_as_long_as_the_truth_says(truth: dict[str, Any]) -> None:
    film = SAMPLES / "sample.mp4"
    assert film.stat().st_size <= 4_000_000
    with av.open(str(film)) as container:
        picture, sound = container.streams.video[0], container.streams.audio[0]
        assert (picture.width, picture.height) == (1280, 720)
        assert picture.average_rate == 30
        assert (picture.codec_context.name, sound.codec_context.name) == ("h264", "aac")
        assert picture.frames == round(truth["duration"] * 30)
        assert 45 <= truth["duration"] <= 75
        keys = [
            float(packet.pts * packet.time_base)
            for packet in container.demux(picture)
            if packet.is_keyframe and packet.pts is not None
        ]
    assert max(later - earlier for earlier, later in pairwise(keys)) <= 2.01
