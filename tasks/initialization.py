"""`initialization`: hash and probe the inputs; bad input stops here with what to do."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

from ai_video_editor.audio.transcription import imported
from ai_video_editor.composition.music import music_file
from ai_video_editor.digests import digest, hash_file
from ai_video_editor.errors import InputError
from ai_video_editor.intelligence.plan_file import fitting, read_plan_file
from ai_video_editor.look.brand import load_brand
from ai_video_editor.media.names import shown
from ai_video_editor.media.probe import film_format, probe
from ai_video_editor.operations.validation import check_inputs
from ai_video_editor.progress import Report, reporter
from ai_video_editor.section_view import SectionView
from ai_video_editor.settings import Settings
from ai_video_editor.stages import stage
from ai_video_editor.stamps import Stamp, stamp_of
from ai_video_editor.store import ContextRef, Store
from ai_video_editor.video.face_models import require_face_model
from tasks.stage import Processor, StageTask


@task(name="fingerprint", cache_policy=NO_CACHE, persist_result=False)
def fingerprint(videos: list[str], settings: dict[str, Any]) -> dict[str, Any]:
    """Hash the inputs and name the project after their content.

    Returns:
        A `ContextRef` as a dict. It is made anew in every run: only bytes tell whether a file
        has changed.

    Raises:
        InputError: an input, the given transcript, music, brand kit or plan cannot be used, or an
            input was changed while it was read.
    """
    tree = Settings.model_validate(settings)
    store = Store.of(tree)
    report = reporter("initialization")
    if tree.audio.transcript is not None and (why := imported.unavailable(tree.audio.transcript)):
        raise InputError(why)
    if tree.composition.music is not None:
        music_file(tree.composition.music)
    if tree.look.brand is not None:
        load_brand(tree.look.brand)
    if tree.video.face_model is not None:
        require_face_model(tree.video.face_model)
    paths = check_inputs([Path(video) for video in videos])
    hashes = []
    for path in paths:
        report(None, f"reading {path.name}")
        sha256, stamp = _hashed(path, report)
        store.remember_input(sha256, path, stamp)
        if tree.run.task_runner == "dask":  # pieces are made on machines that may not hold it
            store.share_input(sha256, path)
        hashes.append(sha256)
    if tree.director.plan is not None:
        fitting(read_plan_file(tree.director.plan), hashes)
    return ContextRef(project_id=project_name(paths[0], hashes), inputs=tuple(hashes)).model_dump(
        mode="json"
    )


def _hashed(path: Path, report: Report) -> tuple[str, Stamp]:
    """SHA-256 of an input, with the size and the time that it had all the while."""
    before = stamp_of(path)
    sha256 = hash_file(path, report)
    if stamp_of(path) != before:
        changed = InputError(
            f"{shown(path)} was changed while it was read: run the command again when nothing "
            "writes to it any more."
        )
        changed.file = shown(path)
        raise changed
    return sha256, before


def project_name(first: Path, hashes: list[str]) -> str:
    """A readable slug of the first file's name and a short hash of all contents."""
    plain = unicodedata.normalize("NFKD", first.stem).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:40].strip("-") or "video"
    return f"{slug}-{digest(hashes)[:8]}"


def _probe(view: SectionView, settings: Settings) -> None:
    files = tuple(
        probe(view.store.input_path(sha256), sha256, view.report) for sha256 in view.ref.inputs
    )
    view.fill("video_files", files)
    view.fill("video_metadata", film_format(files))
    view.fill("user_preferences", settings.preferences)


initialization = StageTask(stage("initialization"), (Processor("probe", _probe),))
