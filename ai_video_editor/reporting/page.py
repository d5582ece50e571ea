"""`report.html`: one self-contained page about one film.

Everything that comes from names, transcripts, plans or the web is data: the template escapes it,
and the page's content policy lets no script run but its own, known by its hash.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ai_video_editor.context.audio import AudioAnalysis, ExtractedAudio
from ai_video_editor.context.base import MediaRef
from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.look.palette import WHITE, Color, contrast, palette_for
from ai_video_editor.reporting.clips import clip_cards
from ai_video_editor.reporting.decisions import groups_of
from ai_video_editor.reporting.documents import chapters_txt, description_txt, moments_txt
from ai_video_editor.reporting.edit import KINDS, Edit, edit_of, sources_of
from ai_video_editor.reporting.envelope import envelope_of
from ai_video_editor.reporting.figures import clock, counted, length, one_line, percent, plain, size
from ai_video_editor.reporting.offers import offers_of
from ai_video_editor.reporting.pictures import PagePictures
from ai_video_editor.reporting.record import (
    STAGE_NAMES,
    Substitution,
    checks_of,
    memory_of,
    notes_of,
    substitutions_of,
    timings_of,
)
from ai_video_editor.reporting.timeline import timeline_of
from ai_video_editor.reporting.transcript import paragraphs
from ai_video_editor.reporting.waveform import WAVEFORM_STYLE, waveform_svg

_TEMPLATES = Path(__file__).parent / "templates"

_TEXT_CONTRAST = 4.5
"""Contrast of normal text on its ground, WCAG 2.2 AA."""


@dataclass(frozen=True)
class Headline:
    """How it ended, in one word and one sentence; `tone` is good, fair, bad or calm."""

    tone: str
    word: str
    sentence: str


@dataclass(frozen=True)
class Tile:
    """One figure at the top of the page."""

    figure: str
    label: str


_SOUND_ROWS = 30
"""Rows of ten seconds: five minutes of sound make a page of about one megabyte."""


@dataclass(frozen=True)
class Share:
    """How much of one kind was removed."""

    kind: str
    title: str
    length: str


def render(
    context: ContentContext,
    *,
    path_of: Callable[[MediaRef], Path],
    pictures: PagePictures | None = None,
    compiled: Path | None = None,
) -> str:
    """The whole page as HTML.

    Sections that the context does not have are left out.

    Args:
        context: the project, finished or not.
        path_of: where a file of the store lies; thumbnails are read, to be embedded, and the
            sound that was analysed, to be drawn where it is still there.
        pictures: keeps what is drawn; those that the delivery brought along when None.
        compiled: folder that keeps the compiled template, which takes 0.3 s to make.
    """
    if pictures is None:
        kept = context.delivery.pictures if context.delivery else None
        pictures = PagePictures.read(path_of(kept) if kept else None)
    edit = edit_of(context)
    substitutions = substitutions_of(context)
    style = _file("report.css") + WAVEFORM_STYLE + _accents(context)
    script = _file("report.js")
    metadata = context.metadata_variations
    metrics = context.processing_metrics
    audio = context.audio_analysis
    plan = context.ai_director_plan
    verification = context.delivery.verification if context.delivery else None
    page = _environment(compiled).get_template("report.html.j2")
    return page.render(
        policy=_policy(style, script),
        style=Markup(style),
        script=Markup(script),
        title=_title(context),
        project_id=one_line(context.project_id),
        headline=headline_of(context, substitutions),
        tiles=_tiles(context, edit),
        sources=[(source.name, length(source.duration)) for source in sources_of(context)],
        film=_film(context),
        clips=clip_cards(context),
        edit=edit,
        shares=_shares(edit),
        timeline=timeline_of(context, edit) if edit else None,
        offers=offers_of(context, path_of, pictures),
        metadata=metadata,
        description=description_txt(metadata).strip() if metadata else "",
        chapters=chapters_txt(metadata.chapters).strip() if metadata else "",
        moments=moments_txt(metadata.key_moments).strip() if metadata else "",
        audio=audio,
        doubtful_words=bool(audio and audio.words and not audio.printable),
        sounds=_sounds(context, edit, path_of, pictures),
        paragraphs=paragraphs(audio, edit, plan.chapters if plan else ()) if audio else [],
        groups=groups_of(context, edit),
        director=plan.director if plan else "",
        checks=checks_of(verification.checks) if verification else [],
        substitutions=substitutions,
        timings=timings_of(metrics.stages),
        most_memory=memory_of(metrics.peak_memory_mb),
        metrics=metrics,
        notes=notes_of(context),
        files=_files(context),
    )


def _sounds(
    context: ContentContext,
    edit: Edit | None,
    path_of: Callable[[MediaRef], Path],
    pictures: PagePictures,
) -> list[Markup]:
    """What was heard, drawn: a picture of each input's sound, its first minutes of a long one."""
    audio = context.audio_analysis
    if audio is None:
        return []

    def drawn(audio: AudioAnalysis, extracted: ExtractedAudio) -> str | None:
        wav = path_of(extracted.wav)
        if not wav.is_file():  # the store was tidied since
            return None
        return waveform_svg(
            audio,
            envelope_of(wav),
            source_input=extracted.input,
            name=context.video_files[extracted.input].name,
            removed=edit.removed if edit is not None else (),
            most_rows=_SOUND_ROWS,
        )

    found = [
        pictures.get(f"sound {extracted.input}", partial(drawn, audio, extracted))
        for extracted in audio.extracted
    ]
    return [Markup(picture) for picture in found if picture is not None]


def headline_of(context: ContentContext, substitutions: Sequence[Substitution]) -> Headline:
    """How the run ended, as far as the context tells."""
    delivery = context.delivery
    verification = delivery.verification if delivery else None
    if context.composed_video is None:
        failed_stages = [r.stage for r in context.processing_metrics.stages if r.state == "failed"]
        if failed_stages:
            names = ", ".join(STAGE_NAMES.get(name, one_line(name)) for name in failed_stages)
            return Headline("bad", "Not finished", f"There is no film. What failed: {names}.")
        if context.ai_director_plan is None:
            return Headline("calm", "Stopped early", "The run ended before there was a plan.")
        return Headline(
            "calm", "Ready for review", "The plan is made; the film has not been rendered yet."
        )
    if verification is not None and not verification.passed:
        failed = sum(check.state == "failed" for check in verification.checks)
        what = counted(failed, "check of the film failed", "checks of the film failed")
        return Headline("bad", "Needs a look", f"{what}: see Verification below.")
    if substitutions:
        what = counted(len(substitutions), "thing was", "things were")
        return Headline(
            "fair", "Ready, with substitutions", f"{what} done another way: see Substitutions."
        )
    if verification is None:
        return Headline("fair", "Not verified", "The film is made; nobody has measured it yet.")
    passed = sum(check.state == "passed" for check in verification.checks)
    what = counted(passed, "check", "checks")
    return Headline("good", "Ready to upload", f"The delivered file passed {what}.")


@cache
def _environment(compiled: Path | None) -> Environment:
    if compiled is not None:
        compiled.mkdir(parents=True, exist_ok=True)
    environment = Environment(
        bytecode_cache=FileSystemBytecodeCache(str(compiled)) if compiled is not None else None,
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_cleaned,
    )
    environment.filters["line"] = one_line
    environment.filters["percent"] = percent
    environment.filters["duration"] = length
    return environment


def _cleaned(value: Any) -> Any:
    """Foreign text without control characters; our own markup as it is."""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _file(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Nothing from elsewhere; only this style, this script, embedded pictures, files beside it.

    `file:` stands beside 'self' because a page opened from the disk has no origin of its own.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash(script)}'",
            f"style-src '{_hash(style)}'",
            "img-src data:",
            "media-src 'self' file:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return "sha256-" + base64.b64encode(digest).decode("ascii")


def _accents(context: ContentContext) -> str:
    """The accent of the film's own palette, darkened for light ground until it can be read."""
    accent = palette_for(context.content_type).accent
    readable = accent
    share = 0.0
    while contrast(readable, WHITE) < _TEXT_CONTRAST + 0.3:
        share += 0.02
        readable = accent.mix(Color(8, 12, 20), share)
    return (
        f"\n:root{{--accent:{readable.hex}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{--accent:{accent.hex}}}}}\n"
    )


def _title(context: ContentContext) -> str:
    named = context.video_metadata.name if context.video_metadata else ""
    return one_line(named) or one_line(context.project_id)


def _film(context: ContentContext) -> dict[str, Any] | None:
    """What the player needs, None where there is no film."""
    composed = context.composed_video
    if composed is None:
        return None
    captions = [
        (f"{float(c.start):.3f}", f"{float(c.end):.3f}", "\n".join(map(one_line, c.lines)))
        for c in composed.captions
    ]
    shape = "portrait" if composed.height > composed.width else "landscape"
    language = context.audio_analysis.language if context.audio_analysis else "und"
    return {
        "captions": captions,
        "shape": shape,
        "language": one_line(language),
        "width": composed.width,
        "height": composed.height,
    }


def _tiles(context: ContentContext, edit: Edit | None) -> list[Tile]:
    tiles: list[Tile] = []
    sources = sources_of(context)
    if edit is None:
        whole = sum((source.duration for source in sources), Fraction(0))
        return [Tile(clock(whole), "recorded")] if whole else []
    whole = edit.source_duration
    tiles.append(Tile(clock(whole), "recorded"))
    tiles.append(Tile(clock(edit.time_map.duration), "film"))
    if whole > 0:
        share = percent(edit.removed_duration / whole)
        tiles.append(Tile(length(edit.removed_duration), f"removed, {share}"))
    for kind, (count, _) in edit.totals().items():
        if kind in ("filler", "pause", "retake") and len(tiles) < 6:
            one, many = KINDS[kind]
            tiles.append(Tile(f"{count:,}", one if count == 1 else many))
    return tiles


def _shares(edit: Edit | None) -> list[Share]:
    if edit is None:
        return []
    return [
        Share(kind, counted(count, *KINDS[kind]), length(seconds))
        for kind, (count, seconds) in edit.totals().items()
    ]


def _files(context: ContentContext) -> list[tuple[str, str]]:
    """Files of the project folder with their sizes, the film first."""
    if context.delivery is None:
        return []
    files = sorted(context.delivery.files, key=lambda f: (f.path != "video.mp4", f.path))
    return [(file.path, size(file.content.size)) for file in files if file.path != "report.html"]
