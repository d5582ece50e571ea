"""The command `cache`: what is kept of services' answers, and how to be rid of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ai_video_editor.cli.amounts import age, size
from ai_video_editor.cli.failures import ended_well
from ai_video_editor.settings_sources import load_settings

if TYPE_CHECKING:
    from ai_video_editor.cache import CacheManager

cache_app = typer.Typer(
    name="cache",
    help="Answers of services and research, kept for a while so that they are asked once.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

KindName = Literal["api", "trends", "audio", "thumbnails"]
WorkDir = Annotated[
    Path | None,
    typer.Option("--work-dir", help="Work folder [default: AI_VIDEO_EDITOR_HOME]"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]


@cache_app.command("stats")
def cache_stats(work_dir: WorkDir = None, as_json: AsJson = False) -> None:
    """Say how much the cache holds and how often it helped."""
    from ai_video_editor.cache import SIZE_LIMIT

    with _cache(work_dir) as (folder, cache):
        found = cache.stats()
    asked = found.hits + found.misses
    if as_json:
        report = {
            "folder": str(folder),
            "entries": dict(found.entries),
            "size": found.size,
            "size_limit": SIZE_LIMIT,
            "hits": found.hits,
            "misses": found.misses,
            "hit_rate": round(found.hits / asked, 4) if asked else None,
        }
        typer.echo(json.dumps(report))
        return
    typer.echo(f"folder:  {folder}")
    typer.echo(f"size:    {size(found.size)} of at most {size(SIZE_LIMIT)}")
    held = ", ".join(f"{count} {kind}" for kind, count in sorted(found.entries.items()))
    typer.echo(f"entries: {held or 'none'}")
    if asked:
        typer.echo(f"helped:  {found.hits} of {asked} times ({found.hits / asked:.0%})")


@cache_app.command("clear")
def clear_cache(
    project: Annotated[
        str | None, typer.Option(metavar="PROJECT_ID", help="Only what was kept for this project.")
    ] = None,
    older_than: Annotated[
        str | None, typer.Option(metavar="AGE", help="Only what is older: 90 (seconds), 12h, 7d.")
    ] = None,
    kind: Annotated[KindName | None, typer.Option(help="Only entries of this kind.")] = None,
    work_dir: WorkDir = None,
    as_json: AsJson = False,
) -> None:
    """Remove what the cache holds, all of it or some."""
    limit = None if older_than is None else ended_well(lambda: age(older_than))
    with _cache(work_dir) as (_, cache):
        before = cache.stats().size
        removed = cache.clear(kind=kind, project=project, older_than=limit)
        freed = max(0, before - cache.stats().size)
    if as_json:
        typer.echo(json.dumps({"removed": removed, "freed": freed}))
        return
    typer.echo(f"Removed {removed} entries ({size(freed)}).")


@contextmanager
def _cache(work_dir: Path | None) -> Iterator[tuple[Path, CacheManager]]:
    from ai_video_editor.cache import CacheManager

    settings = ended_well(lambda: load_settings({"home": work_dir}).settings)
    folder = settings.paths.home / "cache"
    with ended_well(lambda: CacheManager(folder)) as cache:
        yield folder, cache
