"""The report page."""

from __future__ import annotations

import re
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.context.record import ProcessingError, StageRecord
from ai_video_editor.look.brand import Brand, worn
from ai_video_editor.reporting.page import render
from tests.reporting_example import Shelf, example, metrics, verification, video_file, with_shorts

EVERYTHING = (
    "timeline",
    "titles",
    "publish",
    "transcript",
    "decisions",
    "verification",
    "substitutions",
    "run",
    "notes",
)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


@pytest.fixture
def finished(shelf: Shelf) -> ContentContext:
    return example(shelf)


class Elements(HTMLParser):
    """Tags with their attributes, and ids of sections."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    @property
    def sections(self) -> set[str]:
        return {attrs["id"] for tag, attrs in self.tags if tag == "section" and "id" in attrs}


def without(context: ContentContext, *names: str) -> ContentContext:
    empty = ContentContext(project_id="p")
    return context.model_copy(update={name: getattr(empty, name) for name in names})


def visible(page: str) -> str:
    body = re.sub(r"<(style|script)\b.*?</\1>", "", page, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_a_finished_film_has_every_section(finished: ContentContext, shelf: Shelf) -> None:
    page = render(finished, path_of=shelf.path_of)
    assert page.startswith("<!doctype html>")
    assert Elements(page).sections == set(EVERYTHING)


def test_the_page_is_the_same_every_time(finished: ContentContext, shelf: Shelf) -> None:
    assert render(finished, path_of=shelf.path_of) == render(finished, path_of=shelf.path_of)


def test_a_brands_logo_stands_in_the_head(
    finished: ContentContext, shelf: Shelf, tmp_path: Path
) -> None:
    Image.new("RGBA", (60, 20), (200, 30, 30, 255)).save(tmp_path / "logo.png")
    with worn(Brand(name='Reef & "Sons"', logo=tmp_path / "logo.png")):
        page = render(finished, path_of=shelf.path_of)
    assert '<img class="logo" src="data:image/png;base64,' in page
    assert 'alt="Reef &amp; &#34;Sons&#34;"' in page
    assert '<img class="logo"' not in render(finished, path_of=shelf.path_of)


def test_the_page_asks_for_nothing_but_the_film_and_its_captions(
    finished: ContentContext, shelf: Shelf
) -> None:
    page = render(finished, path_of=shelf.path_of)
    loaded = [
        attrs[name]
        for tag, attrs in Elements(page).tags
        for name in ("src", "srcset", "href", "data", "poster", "action")
        if name in attrs and tag != "a"
    ]
    assert [url for url in loaded if not url.startswith("data:image/jpeg;")] == [
        "video.mp4",
        "captions.vtt",
    ]
    links = [attrs["href"] for tag, attrs in Elements(page).tags if tag == "a"]
    assert not any(":" in link or link.startswith("/") for link in links)
    assert "url(" not in page
    assert "@import" not in page


def test_cut_words_are_struck_out_and_kept_words_lead_into_the_film(
    finished: ContentContext, shelf: Shelf
) -> None:
    page = render(finished, path_of=shelf.path_of)
    assert re.findall(r'<del class="k-filler" title="Filler removed">([^<]*)</del>', page) == [
        "Um",
        "Um",
        "you know",
        "Uh",
        "Um",
        "uh",
    ]
    retakes = re.findall(r'<del class="k-retake"[^>]*>([^<]*)</del>', page)
    assert retakes[0] == "It means that your money it means the money"
    kept = re.findall(r'<span class="w[^"]*" data-t="([\d.]+)">([^<]+)</span>', page)
    times = [float(time) for time, _ in kept]
    assert kept[0][1] == "Welcome"
    assert times == sorted(times)
    assert finished.composed_video is not None
    assert times[-1] < finished.composed_video.duration


def test_every_shortened_pause_is_shown(finished: ContentContext, shelf: Shelf) -> None:
    page = render(finished, path_of=shelf.path_of)
    assert finished.ai_director_plan is not None
    pauses = [d for d in finished.ai_director_plan.decisions if d.parameters.get("kind") == "pause"]
    # The last one has no word after it.
    assert page.count('<del class="gap k-pause"') == len(pauses) - 1
    assert page.count('class="part k-pause"') == len(pauses)


def test_an_uncertain_word_is_marked(finished: ContentContext, shelf: Shelf) -> None:
    page = render(finished, path_of=shelf.path_of)
    assert re.findall(r'class="w doubtful"[^>]*>([^<]+)<', page) == ["ratio"]


def test_thumbnails_stand_beside_their_titles(finished: ContentContext, shelf: Shelf) -> None:
    page = render(finished, path_of=shelf.path_of)
    offers = re.findall(r'<article class="offer">.*?</article>', page, re.S)
    assert len(offers) == 3
    assert "I Did the Math" in offers[0]
    assert "HE PAID 180K" in offers[0]
    assert offers[0].count("data:image/jpeg;base64,") == 2
    assert "emotional-b.jpg" in offers[0]


def test_decisions_are_told_with_reason_confidence_and_author(
    finished: ContentContext, shelf: Shelf
) -> None:
    text = visible(render(finished, path_of=shelf.path_of))
    assert "Said without meaning; the sentence reads the same without it." in text
    assert "Punch-in on the number that matters. zoom-001 70 % sure by you locked" in text
    assert "taken back" in text
    assert "6 fillers removed" in text


def test_verification_shows_expected_and_measured(finished: ContentContext, shelf: Shelf) -> None:
    text = visible(render(finished, path_of=shelf.path_of))
    assert "loudness -14 LUFS -14.08 LUFS" in text
    assert "the recogniser is not installed" in text


def test_a_failed_check_comes_first_and_sets_the_headline(
    finished: ContentContext, shelf: Shelf
) -> None:
    assert finished.delivery is not None
    bad = finished.delivery.model_copy(update={"verification": verification(5, passed=False)})
    page = render(finished.model_copy(update={"delivery": bad}), path_of=shelf.path_of)
    assert "Needs a look" in page
    assert re.findall(r'<tr class="(\w+)">', page)[0] == "failed"


def test_a_clean_run_is_ready_to_upload(finished: ContentContext, shelf: Shelf) -> None:
    clean = metrics().model_copy(update={"fallbacks_used": ()})
    context = finished.model_copy(update={"processing_metrics": clean})
    text = visible(render(context, path_of=shelf.path_of))
    assert "Ready to upload The delivered file passed 3 checks." in text


def test_a_lost_module_is_told_with_its_reason(finished: ContentContext, shelf: Shelf) -> None:
    context = finished.model_copy(
        update={
            "failed_modules": ("audio_processing",),
            "error_history": (
                ProcessingError(stage="audio_processing", type="MediaError", message="No sound."),
            ),
        }
    )
    text = visible(render(context, path_of=shelf.path_of))
    assert "Listening left out No sound." in text


def test_before_rendering_the_page_is_for_review(finished: ContentContext, shelf: Shelf) -> None:
    context = without(finished, "composed_video", "delivery", "metadata_variations")
    page = render(context, path_of=shelf.path_of)
    assert "<video" not in page
    assert "Ready for review" in page
    assert "process --plan plan.json" in page
    # Chapters and B-roll are those of the plan, and thumbnails need no pairs.
    text = visible(page)
    assert "0:46 What to do today" in text
    assert "Growth of 500 dollars a month" in text
    assert page.count('<article class="offer">') == 3
    assert '<button type="button" class="jump"' not in page


def test_a_failed_run_says_what_failed(finished: ContentContext, shelf: Shelf) -> None:
    record = StageRecord(stage="video_composition", state="failed", seconds=3.0)
    failed = metrics().model_copy(update={"stages": (record,)})
    context = without(finished, "composed_video", "delivery").model_copy(
        update={"processing_metrics": failed}
    )
    text = visible(render(context, path_of=shelf.path_of))
    assert "Not finished There is no film. What failed: Film." in text


@pytest.mark.parametrize(
    "missing",
    [
        ("audio_analysis",),
        ("thumbnail_package",),
        ("metadata_variations",),
        ("generated_broll",),
        ("delivery",),
        ("video_files",),
        ("video_metadata", "content_type"),
        ("processing_metrics",),
        ("ai_director_plan", "composed_video", "delivery"),
        ("ai_director_plan", "audio_analysis", "thumbnail_package", "metadata_variations"),
    ],
)
def test_the_page_does_without_what_is_missing(
    finished: ContentContext, shelf: Shelf, missing: tuple[str, ...]
) -> None:
    page = render(without(finished, *missing), path_of=shelf.path_of)
    assert "None" not in visible(page)
    assert "</html>" in page


def test_an_empty_project_still_has_a_page(shelf: Shelf) -> None:
    page = render(ContentContext(project_id="talk-1a2b"), path_of=shelf.path_of)
    assert "talk-1a2b" in page
    assert "Stopped early" in page
    assert Elements(page).sections == set()


def test_a_lost_thumbnail_file_leaves_the_title(finished: ContentContext, shelf: Shelf) -> None:
    for picture in shelf.folder.glob("*.jpg"):
        picture.unlink()
    page = render(finished, path_of=shelf.path_of)
    assert "no thumbnail" in page
    assert "I Did the Math" in page


def test_several_inputs_are_told_apart(finished: ContentContext, shelf: Shelf) -> None:
    duration = finished.video_files[0].duration
    files = (finished.video_files[0], video_file("second.mp4", Fraction(20), digest="2"))
    plan = finished.ai_director_plan
    assert plan is not None
    text = visible(
        render(finished.model_copy(update={"video_files": files}), path_of=shelf.path_of)
    )
    assert "second.mp4" in text
    assert "second.mp4: The frame rate varies" in text
    assert f"{int(duration + 20) // 60}:{int(duration + 20) % 60:02} " in text


def test_foreign_text_is_text(shelf: Shelf) -> None:
    def hostile(text: str) -> str:
        return f'{text}</script></style><script>alert(1)</script>" onload="x\x00\u202e'

    page = render(example(shelf, say=hostile), path_of=shelf.path_of)
    elements = Elements(page)
    scripts = [attrs for tag, attrs in elements.tags if tag == "script"]
    assert scripts == [{"type": "application/json", "id": "captions-data"}, {}]
    assert not any(name.startswith("on") for _, attrs in elements.tags for name in attrs)
    assert "\x00" not in page
    assert "\u202e" not in page


def test_only_our_own_script_and_style_may_run(finished: ContentContext, shelf: Shelf) -> None:
    page = render(finished, path_of=shelf.path_of)
    [policy] = [
        attrs["content"]
        for tag, attrs in Elements(page).tags
        if attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert not re.search(r"<[^>]+ style=", page)


def test_shorts_have_their_players_titles_and_files(shelf: Shelf, finished: ContentContext) -> None:
    page = render(with_shorts(finished), path_of=shelf.path_of)
    elements = Elements(page)
    assert "shorts" in elements.sections
    assert "shorts" not in Elements(render(finished, path_of=shelf.path_of)).sections
    players = [a["src"] for tag, a in elements.tags if tag == "video"]
    assert players == ["video.mp4", "shorts/short-1.mp4"]
    links = [a.get("href") for tag, a in elements.tags if tag == "a"]
    assert "shorts/short-1.srt" in links
    assert "Why waiting costs" in page and "It opens well" in page


def test_shorts_that_are_only_planned_are_shown_without_a_player(
    shelf: Shelf, finished: ContentContext
) -> None:
    context = with_shorts(finished).model_copy(update={"delivery": None, "composed_video": None})
    page = render(context, path_of=shelf.path_of)
    assert "Why waiting costs" in page
    assert "shorts/short-1.mp4" not in page
