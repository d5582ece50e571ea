"""The command `validate`: files, machine, services and needs, with the options that would help."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ai_video_editor.cli.findings import facts, in_words
from ai_video_editor.cli.health import health
from ai_video_editor.errors import DiskSpaceError
from ai_video_editor.operations.limits import (
    APIKeyValidator,
    Finding,
    PathValidator,
    ResourceLimitValidator,
)
from ai_video_editor.operations.meters import GB, MachineMeter, Meter
from ai_video_editor.operations.outlook import Outlook, in_minutes
from ai_video_editor.operations.thresholds import Thresholds, of_usage
from ai_video_editor.operations.validation import FileValidator, ValidationResult
from ai_video_editor.settings import Settings

_MARKS = {"ok": "✓", "warning": "!", "failed": "✗"}

_LONG_MINUTES = 60.0
"""From here on a run is worth making shorter, where that is asked about."""


@dataclass(frozen=True)
class Asked:
    """Which checks are wanted.

    Attributes:
        system: memory, processor, disks, libraries, limits.
        services: Gemini, Imagen and search, with one tiny call each.
        integrity: decode every frame.
        needs: memory, disk and minutes of a run.
    """

    system: bool = False
    services: bool = False
    integrity: bool = False
    needs: bool = False


@dataclass(frozen=True)
class Validation:
    """What was found out.

    Attributes:
        files: each recording.
        findings: everything else.
        ahead: what a run will take, where that was asked and could be told.
        command: `process` with the options that would help; empty where a file cannot be edited.
    """

    files: tuple[ValidationResult, ...]
    findings: tuple[Finding, ...] = ()
    ahead: Outlook | None = None
    command: str = ""

    @property
    def ok(self) -> bool:
        """Whether a run can be made."""
        return all(file.ok for file in self.files) and all(
            finding.state != "failed" for finding in self.findings
        )

    def lines(self) -> list[str]:
        """For people."""
        lines = [line for file in self.files for line in in_words(file)]
        lines += [f"{_MARKS[f.state]} {f.name}: {f.detail}" for f in self.findings]
        if self.command:
            lines.append(f"recommended: {self.command}")
        return lines

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "ok": self.ok,
            "files": [facts(file) for file in self.files],
            "findings": [
                {"name": f.name, "state": f.state, "detail": f.detail, "flags": list(f.flags)}
                for f in self.findings
            ],
            "estimate": self.ahead.estimate.model_dump(mode="json") if self.ahead else None,
            "command": self.command,
        }


def validated(
    paths: Sequence[Path],
    settings: Settings,
    asked: Asked,
    meter: Meter | None = None,
    *,
    given: Sequence[str] = (),
) -> Validation:
    """Look at recordings, and at what a run over them needs, as far as that was asked.

    Args:
        paths: the recordings.
        settings: of the run that is meant.
        asked: which checks are wanted.
        meter: reads the machine; this machine where None.
        given: words of the command line that the recommended command repeats.
    """
    meter = meter or MachineMeter()
    validator = FileValidator(check_integrity=asked.integrity)
    files = tuple(validator.validate_video_file(path) for path in paths)
    findings: list[Finding] = []
    if asked.system:
        findings += _system(settings, meter)
    if asked.services:
        findings += _services(settings)
    ahead = None
    whole = all(file.ok for file in files)
    if asked.needs and whole:
        from ai_video_editor.cli.needs import needs_of

        ahead = needs_of(paths, settings, meter)
        findings += _needs(ahead, settings, meter)
    wanted = (asked.system or asked.services or asked.needs) and whole
    command = _command(paths, findings, given) if wanted else ""
    return Validation(files, tuple(findings), ahead, command)


def _system(settings: Settings, meter: Meter) -> list[Finding]:
    usage = meter.usage()
    findings = [
        Finding(one.name, "ok" if one.ok else "failed", one.detail)
        for one in health(settings).findings
    ]
    findings.append(PathValidator().validate_path(settings.paths.output, "output folder"))
    free, total = usage.available_memory / GB, usage.total_memory / GB
    told = f"{free:.1f} of {total:.1f} GB free"
    if free < _LITTLE_GB:
        findings.append(
            Finding("memory", "warning", told, ("--auto-adjust-quality", "--no-parallel"))
        )
    else:
        findings.append(Finding("memory", "ok", told))
    findings.append(ResourceLimitValidator(meter).validate_limits(settings))
    cores = meter.cores()
    load = "" if usage.load_per_core is None else f", {usage.load_per_core:.1f} programs want each"
    findings.append(Finding("processor", "ok", f"{cores} cores{load}"))
    for alert in of_usage(usage, None, Thresholds()):
        if alert.kind in ("load", "heat"):
            findings.append(Finding("processor", "warning", alert.message, ("--no-parallel",)))
    return findings


_LITTLE_GB = 4.0
"""Free memory under which quality and parallelism are worth lowering (see `QualityManager`)."""


def _services(settings: Settings) -> list[Finding]:
    from ai_video_editor.cli.check_api import SERVICES, check_api

    key = APIKeyValidator().validate_api_key(settings.api.gemini_api_key)
    if settings.api.offline:
        return [Finding("services", "ok", "not asked: --offline does without them")]
    findings = []
    failed = 0
    for service in check_api(settings, SERVICES).services:
        failed += service.state == "failed"
        state = "ok" if service.state == "works" else "warning"
        findings.append(Finding(service.service, "ok" if state == "ok" else "warning",
                                service.detail))  # fmt: skip
    if failed == len(SERVICES):
        findings[-1] = Finding(findings[-1].name, "warning", findings[-1].detail, ("--offline",))
    if key.state == "failed":
        findings.insert(0, Finding(key.name, "warning", key.detail))
    return findings  # none of them is needed: a film is made without


def _needs(ahead: Outlook, settings: Settings, meter: Meter) -> list[Finding]:
    findings = [_memory(ahead, meter), *_disk(ahead, settings, meter), _time(ahead)]
    findings += [Finding("adapted", "warning", change) for change in ahead.changes]
    return findings


def _memory(ahead: Outlook, meter: Meter) -> Finding:
    needed, free = ahead.estimate.memory_gb, meter.usage().available_memory / GB
    told = f"about {needed:.1f} GB needed, {free:.1f} GB free, {ahead.limit_gb:.1f} GB allowed"
    if needed > min(free, ahead.limit_gb):
        smaller = f"--max-memory {max(0.5, round(0.7 * free, 1)):g}"
        return Finding("memory needed", "warning", told, (smaller, "--auto-adjust-quality"))
    return Finding("memory needed", "ok", told)


def _disk(ahead: Outlook, settings: Settings, meter: Meter) -> list[Finding]:
    try:
        ahead.require_disk(meter)
    except DiskSpaceError as error:
        return [Finding("disk needed", "failed", error.message)]
    findings = []
    home, output = settings.paths.home.absolute(), settings.paths.output.absolute()
    for folder, needed in ahead.likely.by_disk(home, output).items():
        free = meter.free_disk(folder)
        told = f"about {needed / GB:.2f} GB on the disk of {folder}, {free / GB:.1f} GB free"
        findings.append(Finding("disk needed", "ok" if free >= needed else "warning", told))
    return findings


def _time(ahead: Outlook) -> Finding:
    minutes, known = ahead.estimate.minutes, ahead.estimate.measured_runs
    told = f"about {in_minutes(minutes)}"
    told += (
        f", by {known} earlier run{'s' if known > 1 else ''} here" if known else ", a first guess"
    )
    if ahead.busy:
        told += "; the processor is busy with other programs now"
    if minutes < _LONG_MINUTES:
        return Finding("time needed", "ok", told)
    slowest = max(ahead.estimate.stage_seconds.items(), key=lambda item: item[1])[0]
    return Finding(
        "time needed", "warning",
        f"{told}, most of it in {slowest}; finished stages are kept, whatever happens",
        ("--mode fast",),
    )  # fmt: skip


def _command(paths: Sequence[Path], findings: Iterable[Finding], given: Sequence[str]) -> str:
    found = {flag.split()[0]: flag for finding in findings for flag in finding.flags}
    again = _options(given)
    flags = [*(shlex.join(words) for name, words in again.items() if name not in found),
             *found.values()]  # fmt: skip
    names = [shlex.quote(str(path)) for path in paths]
    # a name that begins with a dash would be read as an option
    dashes = ["--"] if any(str(path).startswith("-") for path in paths) else []
    return " ".join(["ai-video-editor process", *flags, *dashes, *names])


def _options(words: Sequence[str]) -> dict[str, list[str]]:
    """Options by their name, each with its value where it has one."""
    options: dict[str, list[str]] = {}
    name = ""
    for word in words:
        if word.startswith("--"):
            name = word
            options[name] = [word]
        else:
            options[name].append(word)
    return options
