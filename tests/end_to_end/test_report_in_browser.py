"""The report page in a real browser: it works, it fits, and no foreign script runs."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from websockets.sync.client import connect
from websockets.sync.connection import Connection

from ai_video_editor.media.ffmpeg import ffmpeg_path
from ai_video_editor.reporting.page import render
from tests.reporting_example import Shelf, example

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next((path for name in _NAMES if (path := shutil.which(name))), None)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

HOSTILE = (
    "</title></style></pre></script><script>window.hacked=1</script>"
    "<img src=x onerror='window.hacked=2'><svg onload=\"window.hacked=3\">"
    "\" onmouseover=\"window.hacked=4\" ' autofocus onfocus='window.hacked=5' {{7*7}}"
)


class Page:
    """A page in a headless Chromium, spoken to over its debugging protocol."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._number = 0
        self.events: list[dict[str, Any]] = []
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        self._connection.send(json.dumps(message))
        while True:
            answer = json.loads(self._connection.recv(timeout=60))
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append(answer)

    def evaluate(self, expression: str) -> Any:
        answer = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def until(self, expression: str) -> None:
        end = time.monotonic() + 60
        while not self.evaluate(expression):
            assert time.monotonic() < end, f"never true: {expression}"
            time.sleep(0.05)

    def open(self, path: Path, width: int = 1280) -> None:
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        self.events.clear()
        self.call("Page.navigate", url=path.as_uri())
        self.until(f"document.readyState === 'complete' && location.href === '{path.as_uri()}'")

    def click(self, selector: str) -> None:
        """Click with the mouse in the middle of an element."""
        x, y = self.evaluate(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            "e.scrollIntoView({block: 'center', behavior: 'instant'});"
            "const b = e.getBoundingClientRect();"
            "return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    @property
    def requests(self) -> set[str]:
        """Addresses asked for, embedded ones left out."""
        urls = {
            event["params"]["request"]["url"]
            for event in self.events
            if event["method"] == "Network.requestWillBeSent"
        }
        return {url for url in urls if not url.startswith("data:")}

    @property
    def complaints(self) -> list[str]:
        """What the browser logged as an error, and exceptions of scripts."""
        logged = [
            event["params"]["entry"]["text"]
            for event in self.events
            if event["method"] == "Log.entryAdded" and event["params"]["entry"]["level"] == "error"
        ]
        thrown = [str(e) for e in self.events if e["method"] == "Runtime.exceptionThrown"]
        return [*logged, *thrown]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    profile = tmp_path_factory.mktemp("profile")
    assert CHROMIUM is not None
    browser = subprocess.Popen(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--mute-audio",
            "--autoplay-policy=no-user-gesture-required",
            "--remote-debugging-port=0",
            f"--user-data-dir={profile}",
            "about:blank",
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        note = profile / "DevToolsActivePort"
        end = time.monotonic() + 60
        while not (note.exists() and note.read_text().count("\n")):
            assert browser.poll() is None, "Chromium ended at once"
            assert time.monotonic() < end, "Chromium did not start"
            time.sleep(0.05)
        port = note.read_text().split("\n")[0]
        with urlopen(f"http://127.0.0.1:{port}/json/list", timeout=30) as answer:
            targets = json.load(answer)
        address = next(t["webSocketDebuggerUrl"] for t in targets if t["type"] == "page")
        with connect(address, max_size=None, proxy=None) as connection:
            yield Page(connection)
    finally:
        browser.terminate()
        browser.wait(30)


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
