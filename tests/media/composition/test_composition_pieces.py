"""A film that is encoded in pieces is the film that is encoded in one."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from ai_video_editor.composition.conform import Canvas
from ai_video_editor.composition.film_shape import FilmShape
from ai_video_editor.composition.graphics import Graphics, Zoom
from ai_video_editor.composition.smart.piece import piece_from
from ai_video_editor.composition.smart.planning import full_plan
from ai_video_editor.composition.timeline import Section
from ai_video_editor.context.audio import AudioAnalysis, Word
from ai_video_editor.digests import hash_file
from ai_video_editor.media.probe import probe
from ai_video_editor.settings import CompositionSettings
from ai_video_editor.timebase import FrameRate, source_time
from tests.film_studio import Rendered, Studio, camera, counter, grey_frames, numbers, sound

SHAPE = FilmShape(Canvas(320, 64), FrameRate(25), 100)
SECTIONS = [Section(0, Fraction(0), 0, 100)]
CUT = [(0, 0.4, 2.3), (0, 2.8, 5.1), (0, 6.0, 8.7)]


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


def said(text: str) -> AudioAnalysis:
    words = tuple(
        Word(text=word, start=source_time(0.3 + 0.8 * n), end=source_time(0.9 + 0.8 * n),
             confidence=0.9)
        for n, word in enumerate(text.split())
    )  # fmt: skip
    return AudioAnalysis(engine="whisper", language="en", quality=0.9, words=words)


def shown(rendered: Rendered) -> list[int]:
    return numbers(rendered.film)


def test_no_frame_is_lost_or_doubled_between_pieces(studio: Studio, tmp_path: Path) -> None:
    clip = counter(tmp_path / "clip.mp4", seconds=9)
    whole = studio.render([clip], CUT, render="full")
    parted = studio.render([clip], CUT, render="full", piece_seconds=1)
    assert shown(parted) == shown(whole)
    assert len(sound(parted.film)) == len(sound(whole.film))
    assert parted.composed.frames == whole.composed.frames


def test_inputs_far_inside_are_found_again_by_every_piece(studio: Studio, tmp_path: Path) -> None:
    clip = counter(tmp_path / "clip.mp4", seconds=40, rate="25", extra=["-g", "250"])
    rendered = studio.render([clip], [(0, 25.0, 27.2), (0, 34.4, 37.0)], piece_seconds=1)
    assert shown(rendered) == [*range(625, 680), *range(860, 925)]


def test_a_film_of_pieces_has_its_parameter_sets_in_the_header(
    studio: Studio, tmp_path: Path
) -> None:
    clip = counter(tmp_path / "clip.mp4", seconds=9)
    film = studio.render([clip], CUT, render="full", piece_seconds=1).film
    with av.open(str(film)) as source:
        assert source.streams.video[0].codec_context.codec_tag == "avc1"


def test_burned_captions_are_said_in_time_in_every_piece(studio: Studio, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    counter(clip, seconds=9, size="640x360", filters="drawbox=color=gray:t=fill")
    settings = CompositionSettings(burn_captions="bold")
    audio = said("this is said while the whole film goes on and on")
    whole, parted = (
        grey_frames(
            studio.render([clip], [(0, 0.0, 9.0)], audio=audio, settings=settings,
                          piece_seconds=seconds).film, 160, 90,
        )
        for seconds in (200, 1)
    )  # fmt: skip
    differ = np.abs(whole.astype(int) - parted.astype(int)).mean(axis=(1, 2))
    assert whole.max() - whole.min() > 100  # something is written
    assert differ.max() < 3


def test_what_is_drawn_is_never_parted(tmp_path: Path) -> None:
    clip = camera(tmp_path / "clip.mp4", seconds=4)
    file = probe(clip, hash_file(clip))
    graphics = Graphics(zooms=(Zoom(20, 45, 1.2, 0.5, 0.5),))
    plan = full_plan(SECTIONS, [(file, clip)], graphics, SHAPE, quality="low", longest=25)
    ends = [group[-1].end for group in plan.groups]
    assert ends[-1] == 100
    assert len(ends) > 2
    assert not any(20 < end < 45 for end in ends)
    for piece in plan.pieces:
        assert piece_from(piece.payload()) == piece


def test_inputs_that_cannot_be_sought_are_one_piece(tmp_path: Path) -> None:
    clip = camera(tmp_path / "clip.ts", seconds=4)
    file = probe(clip, hash_file(clip))
    plan = full_plan(SECTIONS, [(file, clip)], Graphics(), SHAPE, quality="low", longest=25)
    assert len(plan.pieces) == 1
