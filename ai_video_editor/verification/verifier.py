"""`verify`: everything that is measured on what is delivered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ai_video_editor.composition.film_shape import Reframed
from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.context.outputs import (
    BRollPackage,
    Check,
    ComposedVideo,
    MetadataPackage,
    Verification,
)
from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.errors import EditorError, RunInterruptedError
from ai_video_editor.progress import Report, check_running, silent
from ai_video_editor.verification import (
    captions as captions_check,
)
from ai_video_editor.verification import (
    frames,
    loudness,
    playback,
    spans,
    speech,
    sync,
    words,
)
from ai_video_editor.verification import (
    metadata as metadata_check,
)
from ai_video_editor.verification import (
    thumbnails as thumbnails_check,
)
from ai_video_editor.verification.measurement import measured
from ai_video_editor.verification.subject import Subject, check, skipped
from ai_video_editor.verification.words import HearAgain

_CHECKS: tuple[tuple[str, Callable[[Subject], list[Check]]], ...] = (
    ("frames", frames.checks),
    ("sync", sync.checks),
    ("playback", playback.checks),
    ("loudness", loudness.checks),
    ("spans", spans.checks),
    ("speech", speech.checks),
    ("words", words.checks),
    ("captions", captions_check.checks),
    ("thumbnails", thumbnails_check.checks),
    ("metadata", metadata_check.checks),
)


def verify(
    film: Path,
    plan: AIDirectorPlan,
    composed: ComposedVideo,
    *,
    files: Sequence[tuple[VideoFile, Path]] = (),
    broll: BRollPackage | None = None,
    captions: Path | None = None,
    thumbnails: Sequence[tuple[str, Path]] = (),
    metadata: MetadataPackage | None = None,
    audio_track: str = "0",
    window: Reframed | None = None,
    audio: AudioAnalysis | None = None,
    hear_again: HearAgain | None = None,
    not_heard: str = "",
    timeout: float = 3600.0,
    report: Report = silent,
) -> Verification:
    """Measure the delivered files against the plan. A failing check does not stop the others.

    Args:
        film: the delivered film.
        plan: what was to be made.
        composed: what the composer says of it; its loudness target, size and method are believed
            as promises, nothing of it as a measurement.
        files: the inputs, to compare black, frozen and silent spans with.
        broll: graphics on the film; what they cover is not compared with the recording.
        captions: the delivered `captions.srt`.
        thumbnails: name and file of each.
        metadata: titles and the rest.
        audio_track: sound track that was kept, or "mix".
        window: the part of the recording that a film of another shape shows.
        audio: what was heard in the inputs.
        hear_again: gives the recogniser that wrote the words, to hear the film with.
        not_heard: why there is none.
        timeout: seconds for each measurement.
        report: told the share done.
    """
    report(0.0, "measuring the film")
    try:
        facts = measured(film, timeout=timeout)
    except RunInterruptedError:
        raise
    except (EditorError, OSError) as error:
        check_running()  # a stop ends children, which is no fault of the film's
        line = check("playable", "a film", "unreadable", False, reason=str(error))
        return Verification(passed=False, checks=(line,))
    subject = Subject(
        plan=plan, composed=composed, measured=facts, files=files, broll=broll,
        captions=captions, thumbnails=thumbnails, metadata=metadata,
        audio_track=audio_track, window=window, timeout=timeout, film=film,
        audio=audio, hear_again=hear_again, not_heard=not_heard,
    )  # fmt: skip
    lines: list[Check] = []
    for number, (name, checks) in enumerate(_CHECKS, 1):
        try:
            lines.extend(checks(subject))
        except (EditorError, OSError) as error:
            check_running()  # a stop ends children, which is no finding
            lines.append(skipped(name, f"could not be measured: {error}"))
        report(0.6 + 0.4 * number / len(_CHECKS), f"checking {name}")
    return Verification(passed=all(c.state != "failed" for c in lines), checks=tuple(lines))
