"""A zip file that tells what went wrong to somebody elsewhere, without secrets."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ai_video_editor.context.base import Model
from ai_video_editor.errors import InputError
from ai_video_editor.files import whole_file
from ai_video_editor.operations.checkpoints import CheckpointManager
from ai_video_editor.operations.error_log import ErrorTracker
from ai_video_editor.operations.machine import this_machine
from ai_video_editor.operations.rotated import lines
from ai_video_editor.operations.run_log import run_log_path
from ai_video_editor.operations.run_record import all_records
from ai_video_editor.redaction import Redactor
from ai_video_editor.store import Store

MANIFEST = "manifest.json"
_FORMAT = "ai-video-editor-error-report"
_LATEST = 20
"""Errors that are told in full; the report counts them all."""

_PROJECTS = 5
"""Projects whose logs and contexts go in where none is named."""

_LARGEST = 50_000_000
"""Bytes of a bundle, and of any of its parts when it is read."""


class Part(Model):
    """One file of a bundle."""

    name: str
    size: int
    """Bytes, unpacked."""


@dataclass(frozen=True)
class Contents:
    """What goes in beside the report itself.

    Attributes:
        system: this machine.
        logs: the log of errors and the logs of runs.
        context: what is known of the projects, the words that were said among it.
        project_id: only this project; the latest ones where empty.
    """

    system: bool = False
    logs: bool = False
    context: bool = False
    project_id: str = ""


def write_bundle(
    target: Path, home: Path, contents: Contents, redactor: Redactor | None = None
) -> list[Part]:
    """Write a bundle and say what is in it.

    Args:
        target: the zip file; it appears whole or not at all.
        home: the work folder.
        contents: what goes in.
        redactor: takes secrets out; one that knows the environment's when None.

    Raises:
        InputError: there is no such project.
        FileSystemError: the file cannot be written.
    """
    clean = redactor or Redactor()
    written = []
    with (
        whole_file(target) as partial,
        zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as bundle,
    ):
        for name, text in _parts(home, contents, clean):
            bundle.writestr(name, text)
            written.append(Part(name=name, size=len(text.encode())))
        manifest = {"format": _FORMAT, "version": 1, "files": [p.name for p in written]}
        bundle.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return written


def read_bundle(path: Path, redactor: Redactor | None = None) -> list[Part]:
    """What is in a bundle; it is looked at for secrets once more.

    Args:
        path: the zip file.
        redactor: see `write_bundle`.

    Raises:
        InputError: it is no bundle of ours, is too large, or holds a secret.
    """
    clean = redactor or Redactor()
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(f"{path} is larger than {_LARGEST / 1e6:.0f} MB; leave the logs out.")
        with zipfile.ZipFile(path) as bundle:
            infos = bundle.infolist()
            if any(info.file_size > _LARGEST for info in infos):
                raise InputError(f"{path} holds a file of over {_LARGEST / 1e6:.0f} MB.")
            texts = {info.filename: bundle.read(info).decode("utf-8") for info in infos}
        ours = json.loads(texts.pop(MANIFEST)).get("format") == _FORMAT
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, AttributeError) as error:
        raise InputError(
            f"{path} is no error report; make one with `generate-error-report --output {path}`."
        ) from error
    if not ours:
        raise InputError(f"{path} was not made by `generate-error-report`.")
    for name, text in texts.items():
        if clean.text(text) != text:
            raise InputError(
                f"{name} in {path} holds a secret of this machine: make the report again."
            )
    return [Part(name=name, size=len(text.encode())) for name, text in texts.items()]


def _parts(home: Path, contents: Contents, clean: Redactor) -> Iterator[tuple[str, str]]:
    tracker = ErrorTracker(home, clean)
    project = contents.project_id
    report = tracker.generate_error_report(project)
    latest = [item.model_dump(mode="json") for item in tracker.resolved(project)[-_LATEST:]]
    yield (
        "report.json",
        _as_text({"analysis": report.model_dump(mode="json"), "latest": latest}, clean),
    )
    if contents.system:
        yield "system.json", _as_text(this_machine(home).model_dump(mode="json"), clean)
    store = Store(home)
    if contents.logs:
        yield from _logs(tracker, home, _projects(store, project), clean)
    if contents.context:
        yield from _contexts(store, project, clean)


def _logs(
    tracker: ErrorTracker, home: Path, projects: Sequence[str], clean: Redactor
) -> Iterator[tuple[str, str]]:
    told = "\n".join(lines(tracker.path))
    if told:
        yield "logs/errors.jsonl", clean.text(told)
    for name in ("", *projects):
        text = "\n".join(lines(run_log_path(home, name)))
        if text:
            yield f"logs/{name or 'before-any-project'}.run.log", clean.text(text)


def _contexts(store: Store, project: str, clean: Redactor) -> Iterator[tuple[str, str]]:
    manager = CheckpointManager(store)
    for name in _projects(store, project)[: None if project else 1]:
        context = manager.latest_context(name)
        if context is not None:
            data = json.loads(context.to_json())
            yield f"context/{name}.json", _as_text(data, clean)


def _projects(store: Store, project: str) -> list[str]:
    known = [record.ref.project_id for record in all_records(store)]
    if not project:
        return known[:_PROJECTS]
    if project not in known:
        raise InputError(f"There is no project {project!r} in {store.home}.")
    return [project]


def _as_text(data: object, clean: Redactor) -> str:
    return clean.text(json.dumps(clean.data(data), indent=1, ensure_ascii=False))
