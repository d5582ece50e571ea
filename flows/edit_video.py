"""The flow `edit-video`: raw recordings in, a project folder out."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run

from ai_video_editor.operations.heap import set_loaded_aside
from ai_video_editor.operations.housekeeping import remove_half_made
from ai_video_editor.operations.locks import in_use
from ai_video_editor.settings_sources import load_settings
from ai_video_editor.store import ContextRef, Store
from flows.approval import as_answered
from flows.dag import Dag
from flows.ending import interruptible
from flows.form import plain_form
from flows.stranded import noted
from tasks.audio_processing import audio_processing
from tasks.broll_generation import broll_generation, shorts_broll
from tasks.content_analysis import content_analysis
from tasks.finalization import finalization
from tasks.initialization import fingerprint, initialization
from tasks.intelligence_layer import intelligence_layer, shorts_choice
from tasks.metadata_generation import metadata_generation, metadata_preparation
from tasks.research import research
from tasks.stage import Run, as_options
from tasks.thumbnail_generation import thumbnail_generation, thumbnail_preparation
from tasks.video_composition import shorts_composition, video_composition
from tasks.video_processing import video_processing
from tasks.watching import watched

ContentTypeName = Literal["educational", "financial", "music", "general"]
StageName = Literal[
    "initialization", "audio_processing", "video_processing", "content_analysis", "research",
    "intelligence_layer", "broll_generation", "thumbnail_generation", "metadata_generation",
    "video_composition", "finalization",
]  # fmt: skip


def file_names() -> str:
    """Name of a run in the UI: its recordings, without folders."""
    return ", ".join(Path(str(video)).name for video in flow_run.parameters["videos"])


@plain_form
@flow(name="edit-video", flow_run_name=file_names, persist_result=False)
def edit_video(
    videos: list[Path],
    output: Path | None = None,
    content_type: ContentTypeName | None = None,
    mode: Literal["fast", "balanced", "high_quality"] | None = None,
    quality: Literal["low", "medium", "high", "ultra"] | None = None,
    pace: Literal["gentle", "normal", "tight"] | None = None,
    offline: bool | None = None,
    max_cost: float | None = None,
    api_timeout: float | None = None,
    api_retries: int | None = None,
    transcriber: Literal["auto", "whisper", "sphinx"] | None = None,
    whisper_model: str | None = None,
    transcript: Path | None = None,
    vocabulary: list[str] | None = None,
    audio_track: str | None = None,
    face_model: Path | None = None,
    checkpoint_interval: int | None = None,
    plan: Path | None = None,
    redecide: bool | None = None,
    review: bool | None = None,
    render: Literal["smart", "full"] | None = None,
    aspect: Literal["9:16", "1:1", "4:5", "16:9"] | None = None,
    shorts: int | None = None,
    codec: Literal["h264", "hevc", "av1"] | None = None,
    encoder: Literal["auto", "cpu", "hardware"] | None = None,
    burn_captions: Literal["clean", "film", "bold", "karaoke", "pop"] | None = None,
    music: Path | None = None,
    brand: Path | None = None,
    characters: bool | None = None,
    denoise: Literal["off", "light", "strong"] | None = None,
    voice_eq: bool | None = None,
    grade: Literal["off", "natural", "punchy", "warm"] | None = None,
    denoise_picture: Literal["off", "light", "strong"] | None = None,
    skip_broll: bool | None = None,
    skip_thumbnails: bool | None = None,
    stop_after: StageName | None = None,
    parallel: bool | None = None,
    segment: int | None = None,
    max_memory: float | None = None,
    enable_monitoring: bool | None = None,
    alert_on_high_usage: bool | None = None,
    auto_adjust_quality: bool | None = None,
    fresh: bool | None = None,
    continue_from: StageName | None = None,
    timeout: float | None = None,
    max_retries: int | None = None,
    enable_recovery: bool | None = None,
    enable_fallbacks: bool | None = None,
    enable_all_fallbacks: bool | None = None,
    auto_degrade_quality: bool | None = None,
    work_dir: Path | None = None,
) -> State[dict[str, Any]]:
    """Turn recordings into an edited film with thumbnails, titles, chapters and captions.

    Args:
        videos: The recordings, in the order in which they make one film.
        output: Folder in which the project's folder is made; "output" when not given.
        content_type: What kind of film it is; guessed from the content when not given.
        mode: Preset that trades time for quality.
        quality: Quality of the film's picture.
        pace: How tightly pauses are cut.
        offline: Use no network at all.
        max_cost: Most that the project may cost at Gemini, US dollars.
        api_timeout: Time-out of one call to a service, seconds.
        api_retries: How often a call to a service is repeated.
        transcriber: Which recogniser writes the words; auto takes Whisper where its model is.
        whisper_model: Whisper model by name, or a folder with one.
        transcript: Transcript to use instead of recognising: .srt, .vtt or .json.
        vocabulary: Names and terms the recogniser should know.
        audio_track: Sound track to hear and keep, counted from 0, or "mix".
        face_model: YuNet ONNX file that finds faces.
        checkpoint_interval: Longest piece of a long stage, seconds of media.
        plan: Edited plan.json to render instead of deciding.
        redecide: Decide anew although a plan is given; what is locked there stays.
        review: Ask for approval before rendering: Resume shows the plan and a form.
        render: Copy untouched frames where that pays, or encode every frame.
        aspect: Shape of the film; the window follows who speaks.
        shorts: How many clips are made of the film's best passages.
        codec: Coding of the film's picture.
        encoder: Who encodes it: the processor or hardware.
        burn_captions: Style of captions drawn into the picture.
        music: Music to lay under the film, quieter where somebody speaks.
        brand: Brand kit (TOML): colours, fonts, logo and lower third of all that is drawn.
        characters: Let a drawn presenter explain where no face is seen.
        denoise: How much noise is taken out of the film's sound.
        voice_eq: Cut rumble and lift consonants a little.
        grade: Subtle grade of the recordings' light and colours.
        denoise_picture: How much grain is taken out of the picture.
        skip_broll: Make no B-roll.
        skip_thumbnails: Make no thumbnails.
        stop_after: Stage after which to stop.
        parallel: Let independent stages run side by side.
        segment: Longest piece rendered at once where memory is short, seconds; one at a time.
        max_memory: Memory that the run may take, GB.
        enable_monitoring: Measure each stage, and learn this machine's speed.
        alert_on_high_usage: Tell at once of high use of memory, time or failed calls.
        auto_adjust_quality: Lower the quality where little memory is free at the start.
        fresh: Reuse nothing of earlier runs.
        continue_from: Stage to make anew, with all that follows from it.
        timeout: Longest time for the whole run, seconds.
        max_retries: Retries of a stage whose error a moment may mend.
        enable_recovery: Keep what each stage made, so that a later run goes on from there.
        enable_fallbacks: Take a stage's next processor when one fails.
        enable_all_fallbacks: Take every way out: fallbacks of stages and lower quality.
        auto_degrade_quality: When a stage fails for good, go on at lower quality.
        work_dir: Work folder for this run instead of AI_VIDEO_EDITOR_HOME.
    """
    set_loaded_aside()
    settings = load_settings(
        {
            "output": output, "content_type": content_type, "mode": mode,
            "quality_level": quality, "pace": pace, "offline": offline,
            "max_cost": max_cost, "api_timeout": api_timeout, "api_retries": api_retries,
            "transcriber": transcriber, "whisper_model": whisper_model,
            "transcript": transcript, "vocabulary": vocabulary, "audio_track": audio_track,
            "face_model": face_model, "checkpoint_interval": checkpoint_interval,
            "plan": plan, "redecide": redecide,
            "review": review, "render": render, "aspect": aspect, "shorts": shorts,
            "burn_captions": burn_captions,
            "codec": codec, "encoder": encoder, "grade": grade,
            "denoise_picture": denoise_picture,
            "music": music, "brand": brand, "characters": characters,
            "denoise": denoise, "voice_eq": voice_eq, "skip_broll": skip_broll,
            "skip_thumbnails": skip_thumbnails, "stop_after": stop_after,
            "segment": segment,
            "max_memory_gb": max_memory, "enable_monitoring": enable_monitoring,
            "alert_on_high_usage": alert_on_high_usage,
            "auto_adjust_quality": auto_adjust_quality,
            "parallel_processing": parallel, "fresh": fresh, "home": work_dir,
            "continue_from": continue_from, "timeout": timeout, "max_retries": max_retries,
            "enable_recovery": enable_recovery, "enable_fallbacks": enable_fallbacks,
            "enable_all_fallbacks": enable_all_fallbacks,
            "auto_degrade_quality": auto_degrade_quality,
        }
    ).settings  # fmt: skip
    store = Store(settings.paths.home)
    with interruptible(settings, edit_video.fn) as ending, noted(store):
        remove_half_made(store)
        label = ", ".join(video.name for video in videos)
        reading = fingerprint.with_options(task_run_name=f"reading · {label}")
        with in_use(store):
            base = reading([str(video) for video in videos], as_options(settings))
        given = ContextRef.model_validate(base)
        run: Run | None = ending.prepared(Run(given, settings, label), videos)
        with watched(ending.settings):
            while run is not None:  # once, and once more for each answer of a review
                ending.conclude(run, wire)
                run = as_answered(run, ending)
    return ending.state


def wire(dag: Dag) -> None:
    """Which stage takes data from which; those that do not wait for each other run side by side."""
    start = dag.add(initialization)
    heard = dag.add(audio_processing, start)
    seen = dag.add(video_processing, start)
    meant = dag.add(content_analysis, start, heard, seen)

    known = dag.add(research, start, meant)
    cutouts = dag.add(thumbnail_preparation, seen, meant)
    topics = dag.add(metadata_preparation, heard, meant)

    plan = dag.add(intelligence_layer, start, heard, seen, meant, known)

    broll = dag.add(broll_generation, start, heard, plan)
    film = dag.add(video_composition, start, heard, seen, meant, plan, broll)
    thumbnails = dag.add(thumbnail_generation, start, seen, meant, cutouts, plan)
    texts = dag.add(metadata_generation, start, heard, seen, meant, known, topics, plan)

    # Clips wait for the film: they are extra, and one render fills the machine.
    clips = dag.add(shorts_choice, start, heard, seen, meant, known, plan)
    drawn = dag.add(shorts_broll, start, heard, plan, clips)
    shorts = dag.add(shorts_composition, start, heard, seen, meant, plan, clips, drawn, film)

    dag.add(
        finalization, start, heard, seen, meant, known, plan, broll, film, thumbnails, texts,
        clips, shorts,
    )  # fmt: skip
