"""A headless Chromium, spoken to over its debugging protocol; shared by tests in the browser."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from websockets.sync.client import connect
from websockets.sync.connection import Connection

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next((path for name in _NAMES if (path := shutil.which(name))), None)


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
        self.evaluate("window.before = true")  # the same page again has the same address
        self.call("Page.navigate", url=path.as_uri())
        self.until(
            "!window.before && document.readyState === 'complete'"
            f" && location.href === '{path.as_uri()}'"
        )

    def click(self, selector: str) -> None:
        """Click with the mouse in the middle of an element, once it stands still and is on top."""
        end = time.monotonic() + 60
        while (place := self._still(selector)) is None:
            assert time.monotonic() < end, f"never to be clicked: {selector}"
        x, y = place
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def _still(self, selector: str) -> list[float] | None:
        """The middle of an element when nothing moved for a while; else nothing.

        What comes into sight for the first time is laid out only then, and the page moves.
        """
        found: list[float] | None = self.evaluate(
            f"(async () => {{ const e = document.querySelector({json.dumps(selector)});"
            "const where = () => { const b = e.getBoundingClientRect();"
            "return [b.x + b.width / 2, b.y + b.height / 2, scrollY]; };"
            "e.scrollIntoView({block: 'center', behavior: 'instant'});"
            "const before = where(); await new Promise(done => setTimeout(done, 300));"
            "await new Promise(done => requestAnimationFrame(done));"
            "const [x, y, scrolled] = where();"
            "const still = before[0] === x && before[1] === y && before[2] === scrolled;"
            "return still && e.contains(document.elementFromPoint(x, y)) ? [x, y] : null; })()"
        )
        return found

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


@contextmanager
def chromium(profile: Path) -> Iterator[Page]:
    """An empty page; the browser ends with it."""
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
