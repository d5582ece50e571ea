"""The command `ai-video-editor`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from ai_video_editor import __version__
from ai_video_editor.cli import error_commands
from ai_video_editor.cli import process as processing
from ai_video_editor.cli.cache_commands import cache_app
from ai_video_editor.cli.config_commands import config_app
from ai_video_editor.cli.failures import ended_well, run_command
from ai_video_editor.cli.health import health
from ai_video_editor.cli.plan_commands import plan_app
from ai_video_editor.cli.resuming import resumed
from ai_video_editor.cli.store_commands import projects_app, store_app
from ai_video_editor.cli.vocabulary import terms
from ai_video_editor.leaving import ends_with
from ai_video_editor.operations.checkpoints import CheckpointManager
from ai_video_editor.settings_sources import load_settings
from ai_video_editor.stages import parse_stage
from ai_video_editor.store import Store

app = typer.Typer(
    name="ai-video-editor",
    help="Turn raw recordings into a film, thumbnails, titles, chapters, captions and edit lists.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.add_typer(plan_app)
error_commands.add_to(app)
app.add_typer(config_app)
app.add_typer(cache_app)
app.add_typer(projects_app)
app.add_typer(store_app)

Quality = Literal["low", "medium", "high", "ultra"]
Mode = Literal["fast", "balanced", "high_quality"]
ContentName = Literal["educational", "financial", "music", "general"]
Pace = Literal["gentle", "normal", "tight"]
CaptionStyleName = Literal["clean", "film", "bold", "karaoke", "pop"]
AspectName = Literal["9:16", "1:1", "4:5", "16:9"]
RenderName = Literal["smart", "full"]
CodecName = Literal["h264", "hevc", "av1"]
GradeName = Literal["off", "natural", "punchy", "warm"]
EncoderName = Literal["auto", "cpu", "hardware"]
DenoiseName = Literal["off", "light", "strong"]
Recogniser = Literal["auto", "whisper", "sphinx"]
ServiceName = Literal["gemini", "imagen", "search"]
WorkDir = Annotated[
    Path | None,
    typer.Option("--work-dir", help="Work folder for this run [default: AI_VIDEO_EDITOR_HOME]"),
]


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"ai-video-editor {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    """Options of the command itself."""


@app.command()
def process(
    context: typer.Context,
    videos: Annotated[
        list[Path] | None,
        typer.Argument(help="Recordings, in film order; those of --plan where none is given."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(help="Folder in which the project's folder is made [default: output]"),
    ] = None,
    mode: Annotated[
        Mode | None, typer.Option(help="Preset that trades time for quality [default: balanced]")
    ] = None,
    quality: Annotated[
        Quality | None, typer.Option(help="Quality of the film's picture [default: high]")
    ] = None,
    content_type: Annotated[
        ContentName | None, typer.Option(help="Kind of film [default: guessed from the content]")
    ] = None,
    pace: Annotated[
        Pace | None, typer.Option(help="How tightly pauses are cut [default: normal]")
    ] = None,
    parallel: Annotated[
        bool | None,
        typer.Option("--parallel/--no-parallel", help="Run independent stages side by side"),
    ] = None,
    max_memory: Annotated[
        float | None,
        typer.Option(metavar="GB", help="Memory that the run may take [default: 16, or all]"),
    ] = None,
    enable_monitoring: Annotated[
        bool | None,
        typer.Option(
            "--enable-monitoring/--no-enable-monitoring",
            help="Measure each stage; learn this machine's speed [default: on]",
        ),
    ] = None,
    alert_on_high_usage: Annotated[
        bool | None,
        typer.Option(
            "--alert-on-high-usage",
            help="Tell at once of memory over 85 %, a stage over 1800 s, 10 % failed calls.",
        ),
    ] = None,
    auto_adjust_quality: Annotated[
        bool | None,
        typer.Option(
            "--auto-adjust-quality", help="Lower the quality where little memory is free."
        ),
    ] = None,
    offline: Annotated[
        bool | None, typer.Option("--offline", help="Use no network at all.")
    ] = None,
    max_cost: Annotated[
        float | None,
        typer.Option(metavar="USD", help="Most that the project may cost at Gemini [default: 2]"),
    ] = None,
    api_timeout: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", help="Time-out of one call to a service [default: 120]"),
    ] = None,
    api_retries: Annotated[
        int | None,
        typer.Option(metavar="N", help="How often a call to a service is repeated [default: 3]"),
    ] = None,
    transcriber: Annotated[
        Recogniser | None, typer.Option(help="Which recogniser writes the words [default: auto]")
    ] = None,
    whisper_model: Annotated[
        str | None,
        typer.Option(metavar="NAME_OR_FOLDER", help="Whisper model [default: small]"),
    ] = None,
    transcript: Annotated[
        Path | None,
        typer.Option(help="Transcript to use instead of recognising: .srt, .vtt or .json"),
    ] = None,
    vocabulary: Annotated[
        str | None,
        typer.Option(
            metavar="WORDS_OR_FILE",
            help="Names and terms to know: separated by commas, or a text file, one a line",
        ),
    ] = None,
    audio_track: Annotated[
        str | None,
        typer.Option(metavar="N|mix", help="Sound track to hear and keep, or mix [default: 0]"),
    ] = None,
    face_model: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="YuNet ONNX file that finds faces [default: built in]"),
    ] = None,
    checkpoint_interval: Annotated[
        int | None,
        typer.Option(
            metavar="SECONDS", help="Longest piece of a long stage, of media [default: 300]"
        ),
    ] = None,
    stop_after: Annotated[
        str | None,
        typer.Option(metavar="STAGE", help="Stop after this stage; context.json is written"),
    ] = None,
    plan: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Render this plan.json instead of deciding"),
    ] = None,
    redecide: Annotated[
        bool | None,
        typer.Option("--redecide", help="Decide anew; what is locked in --plan stays."),
    ] = None,
    review: Annotated[
        bool | None,
        typer.Option("--review", help="Write plan.json and report.html, and stop to be asked."),
    ] = None,
    render: Annotated[
        RenderName | None,
        typer.Option(help="Copy untouched frames where that pays, or all anew [default: smart]"),
    ] = None,
    aspect: Annotated[
        AspectName | None,
        typer.Option(help="Shape of the film, following who speaks [default: as recorded]"),
    ] = None,
    shorts: Annotated[
        int | None,
        typer.Option(metavar="N", help="Make the N best clips too, 9:16 or --aspect [default: 0]"),
    ] = None,
    codec: Annotated[
        CodecName | None,
        typer.Option(help="Coding of the film's picture; h264 plays everywhere [default: h264]"),
    ] = None,
    encoder: Annotated[
        EncoderName | None,
        typer.Option(help="Who encodes; hardware is tried on one frame first [default: auto]"),
    ] = None,
    burn_captions: Annotated[
        CaptionStyleName | None,
        typer.Option(help="Draw captions into the picture in this style [default: none]"),
    ] = None,
    music: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Music under the film, quieter where somebody speaks"),
    ] = None,
    brand: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Brand kit: colours, fonts, logo, lower third (TOML)"),
    ] = None,
    characters: Annotated[
        bool | None,
        typer.Option("--characters", help="A drawn presenter explains where no face is seen."),
    ] = None,
    denoise: Annotated[
        DenoiseName | None,
        typer.Option(help="Take noise out of the film's sound [default: off]"),
    ] = None,
    voice_eq: Annotated[
        bool | None,
        typer.Option("--voice-eq", help="Cut rumble and lift consonants a little."),
    ] = None,
    grade: Annotated[
        GradeName | None,
        typer.Option(help="Grade light and colours of the recordings a little [default: off]"),
    ] = None,
    denoise_picture: Annotated[
        DenoiseName | None,
        typer.Option(help="Take grain out of the picture [default: off]"),
    ] = None,
    skip_broll: Annotated[bool | None, typer.Option("--skip-broll", help="Make no B-roll.")] = None,
    skip_thumbnails: Annotated[
        bool | None, typer.Option("--skip-thumbnails", help="Make no thumbnails.")
    ] = None,
    segment: Annotated[
        int | None,
        typer.Option(
            metavar="SECONDS",
            help="Where memory is short: render pieces this long, nothing side by side",
        ),
    ] = None,
    fresh: Annotated[
        bool | None, typer.Option("--fresh", help="Reuse nothing of earlier runs.")
    ] = None,
    resume_from_checkpoint: Annotated[
        str | None,
        typer.Option(
            metavar="PROJECT_ID_STAGE",
            help="Go on with an earlier run, with its recordings and options",
        ),
    ] = None,
    continue_from: Annotated[
        str | None,
        typer.Option(metavar="STAGE", help="Make this stage anew, and all that follows from it"),
    ] = None,
    enable_recovery: Annotated[
        bool | None,
        typer.Option(
            "--enable-recovery/--no-enable-recovery",
            help="Keep what each stage made and reuse it [default: yes]",
        ),
    ] = None,
    timeout: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", help="Longest time for the whole run [default: no limit]"),
    ] = None,
    max_retries: Annotated[
        int | None,
        typer.Option(metavar="N", help="Retries of a stage that a moment may mend [default: 2]"),
    ] = None,
    enable_fallbacks: Annotated[
        bool | None,
        typer.Option(
            "--enable-fallbacks/--no-enable-fallbacks",
            help="Take a stage's next way of working when one fails [default: yes]",
        ),
    ] = None,
    enable_all_fallbacks: Annotated[
        bool | None,
        typer.Option("--enable-all-fallbacks", help="Fallbacks of stages, then lower quality."),
    ] = None,
    auto_degrade_quality: Annotated[
        bool | None,
        typer.Option(
            "--auto-degrade-quality",
            help="When a stage fails for good, go on at lower quality, step by step.",
        ),
    ] = None,
    work_dir: WorkDir = None,
    deploy: Annotated[
        bool, typer.Option("--deploy", help="Let a worker of the Prefect server run it; follow it.")
    ] = False,
    verbose: Annotated[
        bool | None, typer.Option("--verbose", help="Tell technical details.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON summary on stdout.")
    ] = False,
) -> None:
    """Edit recordings into one film with everything that goes beside it."""
    options: dict[str, Any] = {
        "output": output, "mode": mode, "quality": quality, "content_type": content_type,
        "max_memory": max_memory, "enable_monitoring": enable_monitoring,
        "alert_on_high_usage": alert_on_high_usage, "auto_adjust_quality": auto_adjust_quality,
        "pace": pace, "parallel": parallel, "offline": offline, "transcriber": transcriber,
        "max_cost": max_cost, "api_timeout": api_timeout, "api_retries": api_retries,
        "whisper_model": whisper_model, "transcript": transcript,
        "vocabulary": None if vocabulary is None else ended_well(lambda: terms(vocabulary)),
        "face_model": None if face_model is None else face_model.absolute(),
        "audio_track": audio_track, "checkpoint_interval": checkpoint_interval,
        "stop_after": None
        if stop_after is None
        else ended_well(lambda: str(parse_stage(stop_after))),
        "plan": None if plan is None else plan.absolute(), "redecide": redecide, "review": review,
        "aspect": aspect, "shorts": shorts, "burn_captions": burn_captions,
        "music": None if music is None else music.absolute(),
        "brand": None if brand is None else brand.absolute(),
        "characters": characters,
        "grade": grade, "denoise_picture": denoise_picture,
        "codec": codec, "encoder": encoder, "denoise": denoise, "voice_eq": voice_eq,
        "render": render, "skip_broll": skip_broll, "skip_thumbnails": skip_thumbnails,
        "segment": segment, "fresh": fresh, "work_dir": work_dir,
        "continue_from": None
        if continue_from is None
        else ended_well(lambda: str(parse_stage(continue_from))),
        "timeout": timeout, "max_retries": max_retries, "enable_recovery": enable_recovery,
        "enable_fallbacks": enable_fallbacks, "enable_all_fallbacks": enable_all_fallbacks,
        "auto_degrade_quality": auto_degrade_quality,
    }  # fmt: skip
    if resume_from_checkpoint is not None:
        checkpoint = resume_from_checkpoint
        videos, options = ended_well(lambda: resumed(checkpoint, videos or [], options))
    known = {
        name: not getattr(parameter, "is_flag", False)
        for parameter in context.command.params
        for name in (*parameter.opts, *parameter.secondary_opts)
    }
    raise typer.Exit(
        processing.run(
            videos or [],
            options,
            verbose=bool(verbose),
            as_json=as_json,
            known=known,
            deploy=deploy,
        )
    )


@app.command()
def validate(
    videos: Annotated[list[Path], typer.Argument(help="Recordings to look at.")],
    system: Annotated[
        bool,
        typer.Option(
            "--check-system-resources", help="Memory, processor, disks, libraries, limits."
        ),
    ] = False,
    services: Annotated[
        bool,
        typer.Option("--check-api-connectivity", help="Ask each service one tiny question."),
    ] = False,
    integrity: Annotated[
        bool,
        typer.Option("--check-file-integrity", help="Decode every frame; takes a while."),
    ] = False,
    needs: Annotated[
        bool,
        typer.Option("--estimate-requirements", help="Memory, disk and minutes of a run."),
    ] = False,
    output: Annotated[
        Path | None, typer.Option(help="Folder that films would go to [default: output]")
    ] = None,
    max_memory: Annotated[
        float | None, typer.Option(metavar="GB", help="Memory that a run may take [default: 16]")
    ] = None,
    offline: Annotated[bool | None, typer.Option("--offline", help="Ask nobody.")] = None,
    whisper_model: Annotated[
        str | None, typer.Option(metavar="NAME_OR_FOLDER", help="Whisper model [default: small]")
    ] = None,
    work_dir: WorkDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Say whether files can be edited, and what that needs; nothing is written.

    Exit code 0 where a run can be made, 2 where it cannot.
    """
    from ai_video_editor.cli.validating import Asked, validated

    flags = {
        "output": output, "max_memory_gb": max_memory, "offline": offline,
        "whisper_model": whisper_model, "home": work_dir,
    }  # fmt: skip
    settings = ended_well(lambda: load_settings(flags).settings)
    asked = Asked(system=system, services=services, integrity=integrity, needs=needs)
    given = [
        word
        for name, value in {
            "--output": output, "--max-memory": max_memory, "--whisper-model": whisper_model,
            "--work-dir": work_dir,
        }.items()
        if value is not None
        for word in (name, f"{value:g}" if isinstance(value, float) else str(value))
    ] + (["--offline"] if offline else [])  # fmt: skip
    result = ended_well(lambda: validated(videos, settings, asked, given=given))
    if as_json:
        typer.echo(json.dumps(result.as_json(), ensure_ascii=False))
    else:
        for line in result.lines():
            typer.echo(line)
    raise typer.Exit(0 if result.ok else 2)


@app.command()
def analytics(
    work_dir: WorkDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Sum up what runs on this machine took and what became of their plans; nothing is sent."""
    from ai_video_editor.operations.analytics import AnalyticsCollector

    settings = ended_well(lambda: load_settings({"home": work_dir}).settings)
    report = AnalyticsCollector(settings.paths.home).report()
    for line in [report.as_json()] if as_json else report.lines():
        typer.echo(line)


@app.command()
def checkpoints(
    project_id: Annotated[str, typer.Option("--list", metavar="PROJECT_ID", help="Whose stages.")],
    work_dir: WorkDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """List the finished stages of a project, from which a run goes on."""
    settings = ended_well(lambda: load_settings({"home": work_dir}).settings)
    manager = CheckpointManager(Store(settings.paths.home))
    found = ended_well(lambda: manager.list_available_checkpoints(project_id))
    if as_json:
        rows = [
            {"id": c.checkpoint_id, "stage": str(c.stage), "state": c.state, "whole": c.whole}
            for c in found
        ]
        typer.echo(json.dumps(rows))
        return
    for checkpoint in found:
        mark = "✓" if checkpoint.whole else "damaged: made anew in the next run"
        typer.echo(f"{checkpoint.checkpoint_id}  {checkpoint.state}  {mark}")


@app.command()
def status(
    work_dir: WorkDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Say whether this machine can edit now: a health check; starts no server."""
    settings = ended_well(lambda: load_settings({"home": work_dir}).settings)
    report = health(settings)
    if as_json:
        typer.echo(json.dumps(report.as_json()))
    else:
        for line in report.lines():
            typer.echo(line)
    raise typer.Exit(0 if report.ok else 1)


@app.command("check-api")
def check_api_command(
    service: Annotated[
        ServiceName | None, typer.Option(help="Ask only this one [default: all three]")
    ] = None,
    api_timeout: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="Time-out of one call [default: 20]")
    ] = None,
    offline: Annotated[
        bool | None, typer.Option("--offline", help="Ask nobody; say what would be asked.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Say whether the services answer: key, model and quota, with one tiny call each."""
    from ai_video_editor.cli.check_api import SERVICES, check_api

    flags = {"api_timeout": api_timeout, "offline": offline}
    settings = ended_well(lambda: load_settings(flags).settings)
    report = check_api(settings, SERVICES if service is None else (service,))
    if as_json:
        typer.echo(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        for line in report.lines():
            typer.echo(line)
    raise typer.Exit(0 if report.ok else 1)


@app.command()
def workers(
    scale: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="How many shall work on this machine")
    ] = None,
    dask: Annotated[
        bool, typer.Option("--dask", help="Processes for the Dask cluster, not the work pool.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """List this machine's workers and what waits for them; start some, or let some finish."""
    from ai_video_editor.cli.workers import show_workers

    show_workers(scale, dask=dask, as_json=as_json)


def main() -> None:
    """Entry point of the command."""
    code = run_command(app, "ai-video-editor")
    ends_with(code)
    sys.exit(code)


if __name__ == "__main__":
    main()
