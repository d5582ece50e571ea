"""Prints what the rule-based director does to planted talks, as a table.

    python -m benchmarks.decide [--quick] [--reasons N] [--json FILE] [--model FOLDER]

The talks are those of `benchmarks.speech`. `--reasons` prints that many decisions, drawn evenly,
with the reason that the plan gives for each.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from ai_video_editor.audio.transcription.engine import Transcriber
from ai_video_editor.content.analyzer import ContentAnalyzer
from ai_video_editor.context.inputs import UserPreferences
from ai_video_editor.context.plan import AIDirectorPlan
from ai_video_editor.digests import hash_file
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.rules import create_editing_plan
from ai_video_editor.media.probe import film_format, probe
from benchmarks.decide.evaluator import Tally, beats, dead_air, removed, untouched
from benchmarks.speech.ours import hear, transcriber_of
from benchmarks.speech.planted import planted_set
from benchmarks.speech.recordings import VOICES, Recording, voice_of
from benchmarks.speech.report import Figure, as_json, exactly, markdown
from benchmarks.speech.runs import spans
from benchmarks.tts import FliteMissing

ROOT = Path(__file__).resolve().parents[2]

_ENOUGH = 0.95
"""Share of what was planted that has to be gone."""


def main(arguments: list[str] | None = None) -> int:
    """Run; 0 where every target was reached, 1 where one was not, 2 where it cannot run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.decide")
    parser.add_argument("--quick", action="store_true", help="two talks instead of twelve")
    parser.add_argument("--reasons", type=int, default=0, metavar="N")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.add_argument("--model", type=Path, default=ROOT / "tests" / "data" / "whisper-fixture")
    options = parser.parse_args(arguments)
    try:
        for voice in VOICES:
            voice_of(voice)
    except FliteMissing as error:
        print(error, file=sys.stderr)
        return 2
    tallies: dict[str, Tally] = {}
    reasons: list[str] = []
    with tempfile.TemporaryDirectory(prefix="decide-") as folder:
        transcriber = transcriber_of(options.model, Path(folder))
        for recording in planted_set(options.quick):
            print(f"… {recording.name}", file=sys.stderr, flush=True)
            plan = planned(recording, transcriber, Path(folder))
            for name, tally in scored(recording, plan).items():
                tallies[name] = tallies.get(name, Tally()) + tally
            reasons += told(recording.name, plan)
    figures = [*_figures(tallies), exactly("decisions without a reason", _bare(reasons), 0)]
    print(markdown(figures))
    step = max(1, len(reasons) // options.reasons) if options.reasons else 0
    for reason in reasons[::step][: options.reasons] if step else ():
        print(reason)
    if options.json:
        options.json.write_text(json.dumps(as_json(figures), indent=1) + "\n", encoding="utf-8")
    return 0 if all(figure.reached is not False for figure in figures) else 1


def planned(recording: Recording, transcriber: Transcriber, scratch: Path) -> AIDirectorPlan:
    """The plan of one talk from the whole analysis: hearing, content, rules."""
    path = recording.write(scratch)
    audio = hear(path, transcriber, scratch).analysis
    file = probe(path, hash_file(path))
    metadata, preferences = film_format([file]), UserPreferences()
    found = ContentAnalyzer().analyze(audio, None, (), metadata, preferences)
    material = Material(
        files=(file,),
        paths=(path.name,),
        metadata=metadata,
        preferences=preferences,
        audio=audio,
        video=None,
        highlights=(),
        content_type=found.content_type,
        summary=found.summary,
        concepts=found.concepts,
        themes=found.themes,
        emotions=found.emotions,
    )
    return create_editing_plan(material, pace="normal", max_removed_share=0.9)


def scored(recording: Recording, plan: AIDirectorPlan) -> dict[str, Tally]:
    """What became of everything that was planted in one talk."""
    kept = [(float(piece.start), float(piece.end)) for piece in plan.kept]
    takes = spans(recording.retakes)
    protected = spans([*recording.numbers, *recording.disclaimers])
    return {
        "dead air shortened": dead_air(spans(recording.pauses), spans(recording.deliberate), kept),
        "fillers removed": removed(spans(recording.fillers), kept),
        "abandoned takes removed": removed(takes, kept),
        "numbers and disclaimers whole": untouched(protected, takes, kept),
        "pauses after questions still felt": beats(spans(recording.deliberate), kept),
    }


def told(name: str, plan: AIDirectorPlan) -> list[str]:
    """Every decision in a line: where, what, why."""
    return [
        f"{name} {float(d.start):6.2f}-{float(d.end):6.2f} {d.decision_type:16} "
        f"{d.confidence:4.0%}  {d.rationale}"
        for d in plan.decisions
    ]


def _bare(reasons: list[str]) -> int:
    return sum(len(reason.partition("%  ")[2].split()) < 3 for reason in reasons)


def _figures(tallies: dict[str, Tally]) -> list[Figure]:
    figures = []
    for name, tally in tallies.items():
        limit = 1.0 if "whole" in name or "felt" in name else _ENOUGH
        figures.append(
            Figure(
                name,
                f"{tally.share:.1%}",
                f"≥ {limit:.0%}" if limit < 1 else "all",
                tally.share >= limit,
                f"{tally.right} of {tally.planted}",
            )
        )
    return figures


if __name__ == "__main__":
    sys.exit(main())
