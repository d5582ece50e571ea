from __future__ import annotations

import subprocess
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ai_video_editor.composition.burning import (
    STYLES,
    ass_document,
    burn_filter,
    caption_style,
    emphasis_of,
    lay_out_fonts,
)
from ai_video_editor.composition.captions import captions_of, words_on_film
from ai_video_editor.composition.conform import Canvas
from ai_video_editor.context.audio import AudioAnalysis, Word
from ai_video_editor.context.plan import AIDirectorPlan, EditingDecision, Kept, PlanInput
from ai_video_editor.errors import InputError
from ai_video_editor.look.palette import palette_for
from ai_video_editor.media.ffmpeg import ffmpeg_path
from ai_video_editor.timebase import source_time

LONG = (
    "If you invest 500 dollars a month at 7 percent for thirty years, you end up with more than "
    "600,000 dollars. Incomprehensibilities notwithstanding!"
)
Pixels = NDArray[np.uint8]


def words(text: str, *, start: float = 0.4, each: float = 0.4) -> tuple[Word, ...]:
    return tuple(
        Word(
            start=source_time(start + n * each), end=source_time(start + (n + 1) * each - 0.05),
            text=word, confidence=0.9,
        )
        for n, word in enumerate(text.split(" "))
    )  # fmt: skip


def heard(text: str, *, start: float = 0.4, each: float = 0.4) -> AudioAnalysis:
    return AudioAnalysis(
        engine="imported", language="en", quality=0.9, words=words(text, start=start, each=each)
    )


def plan(*kept: tuple[float, float], decisions: tuple[EditingDecision, ...] = ()) -> AIDirectorPlan:
    source = PlanInput(path="a.mp4", sha256="0" * 64, duration=Fraction(60), frame_rate="25/1")
    return AIDirectorPlan(
        director="rules", film_frame_rate="25/1", inputs=(source,), decisions=decisions,
        kept=tuple(Kept(input=0, start=source_time(a), end=source_time(b)) for a, b in kept),
    )  # fmt: skip


def stress(start: float, end: float) -> EditingDecision:
    return EditingDecision(
        decision_id="s", decision_type="caption_emphasis", start=source_time(start),
        end=source_time(end), rationale="a number", confidence=0.9, decided_by="rules",
    )  # fmt: skip


class Burner:
    """Draws captions over a grey film and gives its frames."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fonts = lay_out_fonts(folder / "fonts")

    def draw(
        self,
        audio: AudioAnalysis,
        edit: AIDirectorPlan,
        style: str,
        canvas: Canvas,
        frames: Sequence[int],
    ) -> list[Pixels]:
        document = ass_document(
            captions_of(edit, audio), words_on_film(edit, audio), caption_style(style), canvas,
            edit.rate, emphasis_of(edit),
        )  # fmt: skip
        return self.film(document, canvas, frames, self.folder / "captions.ass")

    def film(
        self, document: str, canvas: Canvas, frames: Sequence[int], path: Path
    ) -> list[Pixels]:
        path.write_text(document, encoding="utf-8")
        chosen = "+".join(f"eq(n,{frame})" for frame in frames)
        graph = self.folder / "graph.txt"
        graph.write_text(
            f"color=c=0x305030:size={canvas.width}x{canvas.height}:rate=25,format=gbrp,"
            f"trim=end_frame={max(frames) + 1},select='{chosen}',{burn_filter(path, self.fonts)}"
        )
        command = [
            ffmpeg_path(), "-v", "error", "-nostdin", "-/filter_complex", str(graph),
            "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-",
        ]  # fmt: skip
        raw = subprocess.run(command, check=True, capture_output=True, timeout=120).stdout
        shape = (len(frames), canvas.height, canvas.width, 3)
        return list(np.frombuffer(raw, np.uint8).reshape(shape))


@pytest.fixture
def burner(tmp_path: Path) -> Burner:
    return Burner(tmp_path)


def drawn(picture: Pixels) -> NDArray[np.bool_]:
    far: NDArray[np.bool_] = np.abs(picture.astype(int) - (0x30, 0x50, 0x30)).max(axis=2) > 24
    return far


def like(picture: Pixels, color: tuple[int, int, int]) -> NDArray[np.bool_]:
    near: NDArray[np.bool_] = np.abs(picture.astype(int) - color).max(axis=2) < 30
    return near


@pytest.mark.parametrize("style", list(STYLES))
@pytest.mark.parametrize("size", [(320, 180), (640, 360), (360, 640), (2160, 3840), (400, 400)])
def test_text_stays_inside_the_safe_area(burner: Burner, style: str, size: tuple[int, int]) -> None:
    canvas = Canvas(*size)
    edit = plan((0, 20), decisions=(stress(1.5, 2.4),))
    each = 400 if size[0] > 2000 else 60
    pictures = burner.draw(heard(LONG), edit, style, canvas, range(30, 330, each))
    shown = 0
    for picture in pictures:
        rows, columns = np.nonzero(drawn(picture))
        shown += len(rows) > 0
        if len(rows):
            below = 0.92 if size[0] >= size[1] else 0.78
            assert columns.min() >= 0.05 * canvas.width
            assert columns.max() < 0.95 * canvas.width
            assert rows.min() >= 0.05 * canvas.height
            assert rows.max() < below * canvas.height
    assert shown


@pytest.mark.parametrize("style", list(STYLES))
def test_nothing_stands_outside_a_captions_time(burner: Burner, style: str) -> None:
    audio, edit = heard("Hello there my friend.", start=0.4), plan((0, 4))
    (caption,) = captions_of(edit, audio)
    first, last = edit.rate.nearest_frame(caption.start), edit.rate.nearest_frame(caption.end)
    before, begins, after = burner.draw(
        audio, edit, style, Canvas(320, 180), [first - 1, first, last]
    )
    assert not drawn(before).any()
    assert drawn(begins).any()
    assert not drawn(after).any()


@pytest.mark.parametrize("style", ["karaoke", "pop"])
def test_the_word_being_said_stands_out_and_no_other(burner: Burner, style: str) -> None:
    audio, edit = heard("Money never sleeps.", start=0.4, each=0.6), plan((0, 4))
    accent = palette_for(None).accent
    pictures = burner.draw(audio, edit, style, Canvas(640, 360), [14, 29, 44])
    middles = []
    for picture in pictures:
        columns = np.nonzero(like(picture, accent).any(axis=0))[0]
        assert len(columns)
        middles.append((columns.min() + columns.max()) / 2)
        text = np.nonzero(drawn(picture).any(axis=0))[0]
        assert columns.max() - columns.min() < 0.5 * (text.max() - text.min())
    assert middles[0] < middles[1] < middles[2]


def test_after_a_cut_the_highlight_follows_the_films_clock(burner: Burner) -> None:
    audio = heard("One two three four five six.", start=0.0, each=0.4)
    accent = palette_for(None).accent
    # "two" and "three" go: on the film, "four" is said where "two" was.
    edit = plan((0, 0.4), (1.2, 4))
    early, late = burner.draw(audio, edit, "karaoke", Canvas(640, 360), [5, 15])
    left, right = (np.nonzero(like(p, accent).any(axis=0))[0].mean() for p in (early, late))
    assert left < right
    assert [w.text for w in words_on_film(edit, audio)] == ["One", "four", "five", "six."]
    assert words_on_film(edit, audio)[1].start == Fraction(2, 5)


@pytest.mark.parametrize("style", ["clean", "bold", "film"])
def test_stressed_words_are_coloured(burner: Burner, style: str) -> None:
    audio = heard("You need 500 dollars.")
    accent = palette_for(None).accent
    canvas = Canvas(640, 360)
    (stressed,) = burner.draw(
        audio, plan((0, 4), decisions=(stress(1.2, 1.55),)), style, canvas, [20]
    )
    (ordinary,) = burner.draw(audio, plan((0, 4)), style, canvas, [20])
    assert like(stressed, accent).sum() > 50
    assert like(ordinary, accent).sum() < 5


@pytest.mark.parametrize("text", [
    r"{\pos(0,0)\fs200}Hi", r"one\Ntwo", r"a\hb{\c&H0000FF&}c", "\\{x}", r"{\p1}m 0 0 l 99 0 99 99",
    "x\u202egnp.exe", "a\u2028Dialogue:0,0:00:00.00,9:00:00.00,Caption,,0,0,0,,PWNED",
])  # fmt: skip
def test_hostile_text_is_shown_as_it_is(burner: Burner, text: str) -> None:
    audio = AudioAnalysis(
        engine="imported", language="en", quality=0.9,
        words=(Word(start=source_time(0.4), end=source_time(1.4), text=text, confidence=0.9),),
    )  # fmt: skip
    canvas, edit = Canvas(1280, 320), plan((0, 4))
    document = ass_document(
        captions_of(edit, audio), words_on_film(edit, audio), caption_style("film"), canvas,
        edit.rate,
    )  # fmt: skip
    assert document.count("\nDialogue:") == 1
    (picture,) = burner.film(document, canvas, [20], burner.folder / "a.ass")
    rows, columns = np.nonzero(drawn(picture))
    # One line at the bottom, as wide as the letters that were written.
    em = STYLES["film"].size * 320
    assert rows.min() > 320 * 0.92 - 2.2 * em
    letters = len(text.replace("\u202e", ""))
    assert 0.25 * em * letters < columns.max() - columns.min() < 0.75 * em * letters


def test_nothing_measured_is_wider_than_what_libass_draws(burner: Burner) -> None:
    audio, edit = heard("Extraordinarily wide measurements", start=0.0), plan((0, 4))
    canvas = Canvas(1920, 1080)
    (picture,) = burner.draw(audio, edit, "clean", canvas, [20])
    white = np.nonzero(like(picture, (255, 255, 255)).any(axis=0))[0]
    box = np.nonzero(drawn(picture).any(axis=0))[0]
    pad = 0.5 * STYLES["clean"].size * 1080
    assert white.min() - box.min() == pytest.approx(pad, abs=8)
    assert box.max() - white.max() == pytest.approx(pad, abs=8)


def test_a_transcript_without_spaces_and_an_endless_word_fit(burner: Burner) -> None:
    canvas, edit = Canvas(360, 640), plan((0, 10))
    for text in ("今天我们来看看如果三十年不动你的钱会发生什么事情因为没有人相信", "W" * 70):
        audio = heard(text, each=4.0)
        for style in ("clean", "pop"):
            for picture in burner.draw(audio, edit, style, canvas, [20, 60]):
                columns = np.nonzero(drawn(picture).any(axis=0))[0]
                if len(columns):
                    assert columns.min() >= 18
                    assert columns.max() < 342


def test_any_path_can_be_burned(tmp_path: Path) -> None:
    folder = tmp_path / "it's, [a]; b:c=d %d \\ {x} é \n z"
    folder.mkdir()
    burner = Burner(folder)
    audio, edit = heard("Hello there."), plan((0, 3))
    assert drawn(burner.draw(audio, edit, "bold", Canvas(320, 180), [15])[0]).any()


def test_an_unknown_style_is_named_with_those_there_are() -> None:
    with pytest.raises(InputError, match="clean, film, bold, karaoke, pop"):
        caption_style("comic")
