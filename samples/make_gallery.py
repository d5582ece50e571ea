"""The gallery page: what the editor draws for the bundled sample, large and as phones show it.

python samples/make_gallery.py                  # make gallery: samples/gallery/index.html
python samples/make_gallery.py TALK.MP4 … --target DIR       # of your own films, edited first
python samples/make_gallery.py --projects DIR --target DIR   # of films edited before

Only pictures of the bundled sample belong in `samples/gallery/`; with them the README's in
`docs/pictures/` are made anew.
"""

from __future__ import annotations

import argparse
import html
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
WIDE = 960
"""Pixels of the pictures on the page."""
COMPLETE = 0.75
"""Share of its time after which all of a graphic has come in and nothing has left."""
EXAMPLE = (640, 360)
"""Pixels of an example."""
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
    return Section(f"Thumbnails of {_name(project)}", text, pictures, small=True)


def graphics(project: Path) -> Section | None:
    """A still of every graphic of a finished project, taken where all of it has come in."""
    from ai_video_editor.digests import hash_file
    from ai_video_editor.media.frames import frame_at
    from ai_video_editor.media.probe import probe
    from ai_video_editor.timebase import source_time

    record = json.loads((project / "context.json").read_text(encoding="utf-8"))
    assets = (record.get("generated_broll") or {}).get("assets") or []
    film = next(iter(sorted(project.glob("*.mp4"))), None)
    if not assets or film is None:
        return None
    file = probe(film, hash_file(film))
    target = Path(tempfile.mkdtemp(prefix="gallery-"))
    pictures = []
    for number, asset in enumerate(assets):
        begins, ends = float(asset["start"]), float(asset["end"])
        shown = source_time(begins + COMPLETE * (ends - begins))
        still = target / f"graphic-{number}.png"
        Image.fromarray(frame_at(file, film, shown)).save(still)
        pictures.append(Picture(still, str(asset["description"])))
    text = "Charts and titles as they stand in the film, from what was said."
    return Section(f"Graphics of {_name(project)}", text, tuple(pictures))


def catalogue() -> Section:
    """One example of every graphic there is, as small as a gallery needs it."""
    from ai_video_editor.broll.examples import example_stills

    target = Path(tempfile.mkdtemp(prefix="gallery-"))
    pictures = []
    for number, (title, still) in enumerate(example_stills(EXAMPLE)):
        file = target / f"example-{number}.png"
        still.save(file)
        pictures.append(Picture(file, title))
    text = "One example of each, with numbers and words as a talk would have them."
    return Section("Every graphic", text, tuple(pictures))


def _name(project: Path) -> str:
    return project.name.rpartition("-")[0] or project.name


SECTIONS: tuple[Callable[[Path], Section | None], ...] = (thumbnails, graphics)
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


def _edited(media: Path, output: Path, *options: str) -> Path:
    """A film's project folder, edited anew where anything changed."""
    command = [
        sys.executable, "-m", "ai_video_editor.cli.main", "process", str(media), "--offline",
        *options, "--output", str(output), "--json",
    ]  # fmt: skip
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return Path(json.loads(done.stdout)["output_dir"])


def _readme_pictures(project: Path) -> None:
    """What the README shows: pictures of the film on one sheet, and its first thumbnail."""
    from ai_video_editor.reporting.filmstrip import contact_sheet

    film = next(iter(sorted(project.glob("*.mp4"))))
    folder = HERE.parent / "docs" / "pictures"
    sheet = contact_sheet(film, 12, 4, folder / "contact-sheet.jpg")
    for source, target, width in (
        (sheet, sheet, 1280),
        (project / "thumbnails" / "emotional.jpg", folder / "thumbnail.jpg", WIDE),
    ):
        with Image.open(source) as image:
            small = image.convert("RGB")
        small.thumbnail((width, width), Image.Resampling.LANCZOS)
        small.save(target, quality=88)


def main() -> None:
    """Build the page and say where it is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("media", type=Path, nargs="*", help="films to edit and to show")
    parser.add_argument("--projects", type=Path, help="folder of finished projects to show")
    parser.add_argument("--target", type=Path, default=HERE / "gallery")
    chosen = parser.parse_args()
    own = chosen.target.resolve() == (HERE / "gallery").resolve()
    if own and (chosen.projects or chosen.media):
        parser.error("samples/gallery/ shows the bundled sample alone; give --target")
    if chosen.media:
        projects = [_edited(media, HERE.parent / "output") for media in chosen.media]
    elif chosen.projects:
        projects = sorted(p for p in chosen.projects.iterdir() if (p / "metadata.json").is_file())
    else:
        model = str(HERE.parent / "tests/data/whisper-fixture")
        output = HERE.parent / "output"
        projects = [_edited(HERE / "sample.mp4", output, "--whisper-model", model)]
        _readme_pictures(projects[0])
    found = [section(project) for project in projects for section in SECTIONS]
    shown = [section for section in found if section]
    print(page([*shown, catalogue()] if own else shown, chosen.target))


if __name__ == "__main__":
    main()
