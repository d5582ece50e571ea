"""The gallery page: what the editor draws for the bundled sample, large and as phones show it.

python samples/make_gallery.py                  # make gallery: samples/gallery/index.html
python samples/make_gallery.py --projects DIR --target DIR   # of other films, anywhere else

Only pictures of the bundled sample belong in `samples/gallery/`.
"""

from __future__ import annotations

import argparse
import html
import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
WIDE = 960
"""Pixels of the pictures on the page."""
SMALL = (168, 94)
"""How small a thumbnail is drawn beside a film."""


@dataclass(frozen=True)
class Picture:
    """One picture of a section: its file, and what is said under it."""

    file: Path
    caption: str


@dataclass(frozen=True)
class Section:
    """A headline, a sentence, and pictures; `small` shows them once more in a strip."""

    title: str
    text: str
    pictures: tuple[Picture, ...]
    small: bool = False


def thumbnails(project: Path) -> Section | None:
    """The thumbnails of a finished project, each with the title it was made for."""
    folder = project / "thumbnails"
    if not folder.is_dir():
        return None
    metadata = json.loads((project / "metadata.json").read_text(encoding="utf-8"))
    titles = {Path(pair["thumbnail"]).stem: pair["title"] for pair in metadata["ab_pairs"]}
    names = [f"{s}{v}" for s in ("emotional", "curiosity", "authority") for v in ("", "-b")]
    pictures = tuple(
        Picture(folder / f"{name}.jpg", f"{name}: {titles.get(name.removesuffix('-b'), '')}")
        for name in names
        if (folder / f"{name}.jpg").is_file()
    )
    text = "Three promises, two variants each, and below as small as they are shown beside a film."
    return Section(f"Thumbnails of {project.name.rpartition('-')[0]}", text, pictures, small=True)


SECTIONS: tuple[Callable[[Path], Section | None], ...] = (thumbnails,)
"""What the page shows of a project, in this order; a section that is not there is left out."""


def page(sections: Iterable[Section], target: Path) -> Path:
    """Write `index.html` and its pictures into a folder."""
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("*.jpg"):
        old.unlink()
    parts = []
    for number, section in enumerate(sections):
        figures: list[str] = []
        strip: list[str] = []
        for index, picture in enumerate(section.pictures):
            name = f"{number}-{index}-{picture.file.stem}.jpg"
            with Image.open(picture.file) as image:
                full = image.convert("RGB")
                full.thumbnail((WIDE, WIDE), Image.Resampling.LANCZOS)
                full.save(target / name, quality=86)
            caption = html.escape(picture.caption)
            figures.append(
                f'<figure><img src="{name}" alt="{caption}"><figcaption>{caption}</figcaption>'
                "</figure>"
            )
            strip.append(f'<img src="{name}" alt="" width="{SMALL[0]}" height="{SMALL[1]}">')
        small = f'<div class="strip">{"".join(strip)}</div>' if section.small else ""
        parts.append(
            f"<h2>{html.escape(section.title)}</h2><p>{html.escape(section.text)}</p>{small}"
            f'<div class="grid">{"".join(figures)}</div>'
        )
    written = target / "index.html"
    written.write_text(_FRAME.format(body="".join(parts)), encoding="utf-8")
    return written


_FRAME = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Gallery</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 1240px;
  padding: 0 1rem; background: #121316; color: #f7f7f5 }}
.grid {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(360px, 1fr)); gap: 1rem }}
figure {{ margin: 0 }} figure img {{ width: 100%; border-radius: 8px; display: block }}
figcaption {{ color: #b2b4bb; font-size: .9rem; padding-top: .3rem }}
.strip {{ display: flex; flex-wrap: wrap; gap: 8px; margin: 1rem 0 }}
.strip img {{ border-radius: 4px }}
</style>
<h1>Gallery</h1>
{body}
</html>
"""


def _edited_sample(output: Path) -> Path:
    """The sample's project folder, edited anew where anything changed."""
    command = [
        sys.executable, "-m", "ai_video_editor.cli.main", "process", str(HERE / "sample.mp4"),
        "--offline", "--whisper-model", str(HERE.parent / "tests/data/whisper-fixture"),
        "--output", str(output), "--json",
    ]  # fmt: skip
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return Path(json.loads(done.stdout)["output_dir"])


def main() -> None:
    """Build the page and say where it is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--projects", type=Path, help="folder of finished projects to show")
    parser.add_argument("--target", type=Path, default=HERE / "gallery")
    chosen = parser.parse_args()
    if chosen.projects:
        projects = sorted(p for p in chosen.projects.iterdir() if (p / "metadata.json").is_file())
    else:
        projects = [_edited_sample(HERE.parent / "output")]
    found = [section(project) for project in projects for section in SECTIONS]
    print(page([section for section in found if section], chosen.target))


if __name__ == "__main__":
    main()
