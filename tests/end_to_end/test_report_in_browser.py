"""The report page in a real browser: it works, it fits, and no foreign script runs."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ai_video_editor.media.ffmpeg import ffmpeg_path
from ai_video_editor.reporting.page import render
from tests.browser import CHROMIUM, Page, chromium
from tests.reporting_example import Shelf, example

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

HOSTILE = (
    "</title></style></pre></script><script>window.hacked=1</script>"
    "<img src=x onerror='window.hacked=2'><svg onload=\"window.hacked=3\">"
    "\" onmouseover=\"window.hacked=4\" ' autofocus onfocus='window.hacked=5' {{7*7}}"
)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with chromium(tmp_path_factory.mktemp("profile")) as page:
        yield page


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder with a film."""
    folder = tmp_path_factory.mktemp("project")
    shelf = Shelf(tmp_path_factory.mktemp("shelf"))
    context = example(shelf)
    (folder / "report.html").write_text(render(context, path_of=shelf.path_of), encoding="utf-8")
    hostile = render(example(shelf, say=lambda text: text + HOSTILE), path_of=shelf.path_of)
    (folder / "hostile.html").write_text(hostile, encoding="utf-8")
    assert context.composed_video is not None
    length = float(context.composed_video.duration)
    subprocess.run(
        [
            *(ffmpeg_path(), "-nostdin", "-loglevel", "error", "-f", "lavfi"),
            *("-i", f"testsrc=size=128x72:rate=5:duration={length}", "-pix_fmt", "yuv420p"),
            *("-g", "5", "-movflags", "+faststart", str(folder / "video.mp4")),
        ],
        check=True,
        stdin=subprocess.DEVNULL,
    )
    (folder / "captions.vtt").write_text("WEBVTT\n\n00:00.200 --> 00:02.500\nWelcome\n")
    return folder


def test_no_foreign_script_runs(page: Page, folder: Path) -> None:
    page.open(folder / "hostile.html")
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    page.evaluate(
        "document.querySelectorAll('*').forEach(e => {"
        "for (const kind of ['mouseover', 'focus', 'load', 'error'])"
        "if (!['VIDEO', 'TRACK'].includes(e.tagName)) e.dispatchEvent(new Event(kind)); })"
    )
    assert page.evaluate("typeof window.hacked") == "undefined"
    assert page.evaluate("document.scripts.length") == 2
    assert (
        page.evaluate("document.querySelectorAll('img:not([src^=\"data:image/jpeg\"])').length")
        == 0
    )
    assert "<script>window.hacked=1</script>" in page.evaluate("document.body.innerText")
    assert "{{7*7}}" in page.evaluate("document.title")


def test_a_script_that_slipped_in_would_be_refused(page: Page, folder: Path) -> None:
    whole = (folder / "report.html").read_text(encoding="utf-8")
    broken = folder / "injected.html"
    slipped = "<script>window.hacked=1</script><img src=x onerror='window.hacked=2'></main>"
    broken.write_text(whole.replace("</main>", slipped, 1), encoding="utf-8")
    page.open(broken)
    assert page.evaluate("typeof window.hacked") == "undefined"


def test_nothing_is_asked_for_but_the_film_and_its_captions(page: Page, folder: Path) -> None:
    page.open(folder / "report.html")
    page.until("document.getElementById('film').readyState >= 1")
    names = {"report.html", "video.mp4", "captions.vtt"}
    assert page.requests <= {(folder / name).as_uri() for name in names}


def test_a_click_on_a_word_plays_the_film_from_there(page: Page, folder: Path) -> None:
    page.open(folder / "report.html")
    page.until("document.getElementById('film').readyState >= 1")
    # Slowly: on a busy machine the word would be over before anybody looks.
    page.evaluate("document.getElementById('film').playbackRate = 0.1")
    word = "document.querySelectorAll('#words .w')[100]"
    page.evaluate(f"{word}.id = 'wanted'")
    wanted = page.evaluate(f"parseFloat({word}.dataset.t)")
    page.click("#wanted")
    page.until("document.getElementById('wanted').classList.contains('now')")
    assert page.evaluate("document.getElementById('film').currentTime") >= wanted
    page.until("!document.getElementById('film').paused")
    page.until("document.getElementById('player').classList.contains('docked')")
    page.until("parseFloat(document.getElementById('playhead').getAttribute('x1')) > 0")
    page.evaluate("document.getElementById('film').pause()")
    page.until("!document.getElementById('player').classList.contains('docked')")


def test_a_click_on_the_timeline_plays_the_film_from_there(page: Page, folder: Path) -> None:
    page.open(folder / "report.html")
    page.until("document.getElementById('film').readyState >= 1")
    page.click("#film-bar")
    length = page.evaluate("parseFloat(document.getElementById('film-bar').dataset.length)")
    page.until(
        f"Math.abs(document.getElementById('film').currentTime - {length / 2}) < {length / 20}"
    )


def test_captions_show_though_the_disk_hides_their_file(page: Page, folder: Path) -> None:
    page.open(folder / "report.html")
    page.until(
        "[...document.getElementById('film').textTracks]"
        ".some(t => t.mode === 'showing' && t.cues && t.cues.length === 2)"
    )


def test_the_cut_words_can_be_hidden(page: Page, folder: Path) -> None:
    page.open(folder / "report.html")
    cut = "document.querySelector('#words del').getBoundingClientRect().height"
    assert page.evaluate(cut) > 0
    page.click("#show-cut")
    assert page.evaluate(cut) == 0


def test_a_title_is_copied_with_one_click(page: Page, folder: Path) -> None:
    page.open(folder / "report.html")
    page.click("[data-copy='title-1']")
    page.until("document.querySelector(\"[data-copy='title-1']\").textContent === 'Copied'")


@pytest.mark.parametrize("name", ["report.html", "hostile.html"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_fits_its_window(page: Page, folder: Path, name: str, width: int) -> None:
    page.open(folder / name, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_browser_has_nothing_to_complain_of(page: Page, folder: Path) -> None:
    page.open(folder / "report.html")
    page.until("document.getElementById('film').readyState >= 1")
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    # From the disk, the caption file may not be read; the page carries the captions itself.
    assert [text for text in page.complaints if "captions.vtt" not in text] == []


def test_without_the_film_beside_it_the_page_says_so(page: Page, folder: Path) -> None:
    alone = folder.parent / "alone"
    alone.mkdir()
    shutil.copy(folder / "report.html", alone)
    page.open(alone / "report.html")
    page.until("!document.getElementById('absent').hidden")
