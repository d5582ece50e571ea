from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from ai_video_editor.composition.captions import captions_of, srt, vtt
from ai_video_editor.context.audio import AudioAnalysis, Word
from ai_video_editor.context.outputs import Caption
from ai_video_editor.context.plan import AIDirectorPlan, Kept, PlanInput
from ai_video_editor.timebase import exact, film_time, source_time


def plan(*kept: tuple[float, float], rate: str = "25/1") -> AIDirectorPlan:
    source = PlanInput(path="a.mp4", sha256="0" * 64, duration=Fraction(600), frame_rate=rate)
    return AIDirectorPlan(
        director="rules", film_frame_rate=rate, inputs=(source,),
        kept=tuple(Kept(input=0, start=source_time(a), end=source_time(b)) for a, b in kept),
    )  # fmt: skip


def heard(
    text: str, *, start: float = 0.0, each: float = 0.4, quality: float = 0.9,
    fillers: tuple[str, ...] = (), engine: str = "whisper",
) -> AudioAnalysis:  # fmt: skip
    words = tuple(
        Word(
            start=source_time(start + n * each), end=source_time(start + (n + 1) * each - 0.05),
            text=word, confidence=0.9, filler=word in fillers,
        )
        for n, word in enumerate(text.split())
    )  # fmt: skip
    return AudioAnalysis(engine=engine, language="en", quality=quality, words=words)


LONG = (
    "Today we will look at what happens to your money when you leave it alone for thirty years, "
    "because that is the part nobody believes until they see it. Then we draw the curve. Really?"
)


def text_of(captions: tuple[Caption, ...]) -> str:
    return " ".join(line for caption in captions for line in caption.lines)


def test_all_words_that_are_heard_stand_in_the_captions() -> None:
    captions = captions_of(plan((0, 60)), heard(LONG))
    assert text_of(captions) == LONG


def test_cut_words_and_fillers_are_absent_and_times_are_the_films() -> None:
    audio = heard("One two um three four five six.", fillers=("um",))
    captions = captions_of(plan((0, 0.8), (1.2, 2.8)), audio)
    assert text_of(captions) == "One two three four five six."
    shorter = captions_of(plan((0, 0.4), (1.2, 2.8)), audio)
    assert text_of(shorter) == "One three four five six."
    assert shorter[0].start == 0


def test_blocks_obey_the_rules_at_an_easy_pace() -> None:
    captions = captions_of(plan((0, 60)), heard(LONG, each=0.45))
    for caption in captions:
        assert len(caption.lines) <= 2
        assert all(len(line) <= 42 for line in caption.lines)
        assert Fraction(5, 6) <= caption.end - caption.start <= 7
        assert sum(map(len, caption.lines)) <= 20 * (caption.end - caption.start)
    for one, two in pairwise(captions):
        assert two.start == one.end or two.start - one.end >= Fraction(2, 25)


def test_a_new_sentence_begins_a_new_block() -> None:
    captions = captions_of(plan((0, 60)), heard(LONG, each=0.6))
    assert any(caption.lines[0].startswith("Then we draw") for caption in captions)


def test_words_below_printable_quality_are_not_shown_unless_imported() -> None:
    assert captions_of(plan((0, 60)), heard(LONG, quality=0.3)) == ()
    assert captions_of(plan((0, 60)), heard(LONG, quality=0.3, engine="imported")) != ()
    assert captions_of(plan((0, 60)), None) == ()


def test_special_characters_cannot_break_the_files() -> None:
    caption = Caption(
        start=film_time("3661.5"), end=film_time("3662.25"), lines=("a --> <b> & c", "d"),
    )  # fmt: skip
    assert srt([caption]) == "1\n01:01:01,500 --> 01:01:02,250\na → \u2039b\u203a & c\nd\n"
    text = vtt([caption])
    assert text.startswith("WEBVTT\n\n01:01:01.500 --> 01:01:02.250\n")
    assert "a --&gt; &lt;b&gt; &amp; c" in text
    assert srt([]) == ""


words = st.lists(
    st.tuples(
        st.text("abcdefghij.,?", min_size=1, max_size=60),
        st.floats(0.05, 1.5),
        st.floats(0, 2.5),
    ),
    min_size=1,
    max_size=60,
)


@settings(max_examples=60, deadline=None)
@given(words, st.sampled_from(["25/1", "30000/1001", "60/1", "12/1"]))
def test_whatever_is_said_fits_lines_and_never_overlaps(
    said: list[tuple[str, float, float]], rate: str
) -> None:
    made: list[Word] = []
    position = Fraction(0)
    for text, length, pause in said:
        end = position + exact(length)
        made.append(
            Word(start=source_time(position), end=source_time(end), text=text, confidence=1.0)
        )
        position = end + exact(pause)
    audio = AudioAnalysis(engine="imported", language="en", quality=1.0, words=tuple(made))
    whole = plan((0, float(position) + 1), rate=rate)
    captions = captions_of(whole, audio)
    shown = "".join(line for c in captions for line in c.lines).replace(" ", "")
    assert shown == "".join(text for text, _, _ in said)
    for caption in captions:
        assert len(caption.lines) <= 2
        assert all(0 < len(line) <= 42 for line in caption.lines)
        assert 0 < caption.end - caption.start <= Fraction(701, 100)
    for one, two in pairwise(captions):
        assert one.end <= two.start
    assert captions[-1].end <= whole.time_map().duration + Fraction(1, 1000)
