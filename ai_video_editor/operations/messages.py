"""One look for everything that goes wrong: what happened, why, what is safe, what to do."""

from __future__ import annotations

import traceback
from collections.abc import Iterator

from ai_video_editor.context.record import ErrorKind, ProcessingError
from ai_video_editor.operations.advice import RecoverySuggestionEngine, Suggestion
from ai_video_editor.operations.problems import causes, in_one_line, problem_of
from ai_video_editor.operations.situation import Situation
from ai_video_editor.redaction import Redactor

_WHAT: dict[ErrorKind, str] = {
    "memory": "ran out of memory",
    "disk": "ran out of disk space",
    "processor": "found the machine too busy",
    "timeout": "took too long",
    "file": "could not use a file",
    "permission": "was not allowed to use a file",
    "library": "misses a part of the program",
    "key": "could not use the Gemini key",
    "quota": "was asked to slow down",
    "service": "could not reach a service",
    "media": "could not handle the sound or picture",
    "record": "found its record damaged",
    "usage": "cannot do what was asked",
    "interrupted": "was stopped",
    "internal": "failed",
}
"""What happened, after the name of the stage."""

_WHO = {
    "initialization": "Checking the files",
    "audio_processing": "Listening",
    "video_processing": "Watching",
    "content_analysis": "Understanding",
    "research": "Research",
    "intelligence_layer": "The director",
    "broll_generation": "Making graphics",
    "thumbnail_generation": "Making thumbnails",
    "metadata_generation": "Writing titles",
    "video_composition": "Rendering the film",
    "finalization": "Checking the film",
}
_LONGEST_STACK = 40
"""Lines of a stack that are shown; the inner end counts."""


class ErrorMessageFormatter:
    """Lays errors out for people.

    Args:
        engine: knows what helps.
    """

    def __init__(self, engine: RecoverySuggestionEngine | None = None) -> None:
        """Use an engine, the usual one when None."""
        self._engine = engine or RecoverySuggestionEngine()

    def format_for_user(
        self,
        error: BaseException | ProcessingError,
        situation: Situation | None = None,
        *,
        verbose: bool = False,
    ) -> str:
        """Everything a person needs, in a few lines; secrets are out of it.

        Args:
            error: an exception, or one that was recorded.
            situation: the run and the machine; without it nothing can be suggested.
            verbose: the technical part as well: type, chain and stack.
        """
        problem = error if isinstance(error, ProcessingError) else problem_of(error)
        suggestions = self.suggestions(problem, situation)
        lines = [*headline(problem), *_safe(situation), *_to_do(suggestions)]
        if verbose:
            lines += technical(error) if isinstance(error, BaseException) else [
                f"  Technical: {problem.type} in {problem.stage or 'no stage'}"
            ]  # fmt: skip
        return "\n".join(lines)

    def suggestions(
        self, problem: ProcessingError, situation: Situation | None
    ) -> tuple[Suggestion, ...]:
        """What would help."""
        if situation is None:
            return ()
        return self._engine.suggest_recovery_actions(problem, situation)


def headline(problem: ProcessingError) -> list[str]:
    """What happened, and why where that says more."""
    message = _one_line(problem.message)
    if not problem.stage or problem.kind == "interrupted":
        return [f"✗ {message}"]
    return [f"✗ {what_happened(problem)}.", f"  Why: {message}"]


def what_happened(problem: ProcessingError) -> str:
    """In half a sentence, for a title: who could not do what."""
    who = _WHO.get(problem.stage, problem.stage.replace("_", " ").capitalize() or "The run")
    return f"{who} {_WHAT[problem.kind]}"


def _safe(situation: Situation | None) -> Iterator[str]:
    if situation is None or not situation.project_id:
        return
    done = len(situation.finished)
    kept = f"{done} of {situation.stages} stages are finished and kept" if done else ""
    where = f"{kept} in project {situation.project_id}" if kept else ""
    if situation.context_file is not None:
        known = f"what is known so far is in {situation.context_file}"
        where = f"{where}; {known}" if where else known
    if where:
        yield f"  Safe: your recordings are untouched; {where}."


def _to_do(suggestions: tuple[Suggestion, ...]) -> Iterator[str]:
    if not suggestions:
        return
    yield "  What helps:"
    for number, suggestion in enumerate(suggestions, 1):
        yield f"    {number}. {suggestion.text}{':' if suggestion.command else '.'}"
        if suggestion.command:
            yield f"       {suggestion.command}"


def technical(error: BaseException, redactor: Redactor | None = None) -> list[str]:
    """Type, chain and stack of an error, without secrets."""
    clean = redactor or Redactor(homes=False)
    chain = [f"{type(e).__module__}.{type(e).__name__}: {in_one_line(e)}" for e in causes(error)]
    stack = stack_of(error)
    lines = ["  Technical:", *(f"    {line}" for line in chain), *(f"    {line}" for line in stack)]
    return [clean.text(line) for line in lines]


def stack_of(error: BaseException) -> list[str]:
    """The stack of an error's first cause, its inner end, a line each."""
    innermost = list(causes(error))[-1]
    for candidate in (innermost, error):
        if candidate.__traceback__ is not None:
            told = "".join(traceback.format_tb(candidate.__traceback__)).rstrip().splitlines()
            return [line.rstrip() for line in told[-_LONGEST_STACK:]]
    return []


def _one_line(text: str) -> str:
    plain = " ".join(text.split())
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in plain)
