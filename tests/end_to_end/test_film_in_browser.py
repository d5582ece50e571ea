"""A smart-rendered film in a real browser: it plays over its cuts, each frame in its place."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import CHROMIUM, Page, chromium
from tests.film_studio import BITS, KeptRange, Rendered, Studio, camera

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

RATE = 25

_PAGE = f"""
<video id="film" muted playsinline></video>
<script>
const film = document.getElementById('film');
const canvas = new OffscreenCanvas(320, 64);
const pen = canvas.getContext('2d', {{willReadFrequently: true}});
function shown() {{
  pen.drawImage(film, 0, 0, 320, 64);
  const line = pen.getImageData(0, 48, 320, 1).data;
  let number = 0;
  for (let bit = 0; bit < {BITS}; bit++)
    if (line[4 * Math.round((bit + 0.5) * 320 / {BITS})] > 125) number |= 1 << bit;
  return number;
}}
async function load(data) {{
  const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));
  const first = presented();
  film.src = URL.createObjectURL(new Blob([bytes], {{type: 'video/mp4'}}));
  await new Promise((done, fail) => {{ film.onloadeddata = done; film.onerror = done; }});
  if (film.error) return film.error.message;
  await first;
  return '';
}}
// "seeked" may come before the frame is there to be drawn.
function presented() {{
  return new Promise(done => film.requestVideoFrameCallback(done));
}}
async function at(seconds) {{
  const there = presented();
  await new Promise(done => {{ film.onseeked = done; film.currentTime = seconds; }});
  await there;
  return shown();
}}
async function play(from, to) {{
  await at(from);
  const seen = [];
  return await new Promise(done => {{
    const look = (_, frame) => {{
      seen.push([frame.mediaTime, shown()]);
      if (film.error || frame.mediaTime >= to || film.ended) {{ film.pause(); done(seen); }}
      else film.requestVideoFrameCallback(look);
    }};
    film.onended = () => done(seen);
    film.requestVideoFrameCallback(look);
    film.play();
  }});
}}
</script>
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with chromium(tmp_path_factory.mktemp("profile")) as page:
        if not page.evaluate(
            "document.createElement('video').canPlayType('video/mp4; codecs=\"avc3.640028\"')"
        ):
            # Builds of Chromium without proprietary codecs exist; they cannot play any MP4 film.
            pytest.skip("this Chromium was built without an H.264 decoder")
        yield page


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    folder = tmp_path_factory.mktemp("film")
    clip = camera(folder / "clip.mp4")
    kept: list[KeptRange] = [(0, 0.4, 3.2), (0, 4.0, 4.04), (0, 5.0, 7.92), (0, 8.0, 11.6)]
    rendered = Studio(folder).render([clip], kept, render="smart")
    assert rendered.composed.method == "smart"
    return rendered


@pytest.fixture
def film(page: Page, rendered: Rendered, tmp_path: Path) -> Page:
    document = tmp_path / "film.html"
    document.write_text(_PAGE, encoding="utf-8")
    page.open(document)
    data = base64.b64encode(rendered.film.read_bytes()).decode()
    assert page.evaluate(f"load('{data}')") == ""
    return page


def expected(rendered: Rendered) -> list[int]:
    return [
        n for p in rendered.plan.time_map().pieces
        for n in range(p.source_frame, p.source_frame + p.frames)
    ]  # fmt: skip


def test_every_frame_around_the_cuts_is_found(film: Page, rendered: Rendered) -> None:
    wanted = expected(rendered)
    cuts = [p.film_frame for p in rendered.plan.time_map().pieces]
    places = sorted({n for cut in cuts for n in range(cut - 3, cut + 4) if 0 <= n < len(wanted)})
    for place in (*places, 40, 41, 69, 70, len(wanted) - 1):
        assert film.evaluate(f"at({(place + 0.5) / RATE})") == wanted[place], place


def test_it_plays_over_the_cuts_without_error(film: Page, rendered: Rendered) -> None:
    wanted = expected(rendered)
    seen: list[Any] = film.evaluate("play(2.0, 6.4)")
    assert film.evaluate("film.error === null")
    assert film.evaluate("film.getVideoPlaybackQuality().corruptedVideoFrames") == 0
    assert len(seen) > 5
    # A busy machine leaves frames out, but never shows one at another's time.
    assert [number for _, number in seen] == [wanted[round(time * RATE)] for time, _ in seen]
