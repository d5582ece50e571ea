"""What `process` says at its end when something went wrong, and what it asks."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from ai_video_editor.cli.failures import say
from ai_video_editor.cli.interactive import InteractiveErrorResolver, go_on
from ai_video_editor.context.record import ErrorKind, ProcessingError
from ai_video_editor.errors import EditorError
from ai_video_editor.operations.command_line import CommandLine
from ai_video_editor.operations.error_log import ErrorTracker
from ai_video_editor.operations.messages import ErrorMessageFormatter, headline
from ai_video_editor.operations.situation import Situation, situation_of
from ai_video_editor.reporting.summary import RunSummary
from ai_video_editor.settings import Settings

_WORTH_ASKING: tuple[ErrorKind, ...] = ("key", "quota", "memory", "timeout", "service")
"""Problems that a fallback made good and a choice might yet solve better, gravest first."""

_MINOR = "research"
"""A stage whose fallback changes too little of the film to ask about it."""


@dataclass(frozen=True)
class Ending:
    """A run that is over, with advice for the very command that started it.

    Attributes:
        summary: of the run.
        settings: None where they could not be read.
        command: as the user typed it.
    """

    summary: RunSummary
    settings: Settings | None
    command: CommandLine

    def as_json(self, *, verbose: bool) -> str:
        """The one object on stdout.

        Args:
            verbose: with the technical part.
        """
        summary = self.summary
        if summary.error is not None:
            error = summary.error.model_copy(
                update={
                    "advice": tuple(map(str, self._suggestions)) or summary.error.advice,
                    "technical": summary.error.technical if verbose else (),
                }
            )
            summary = summary.model_copy(update={"error": error})
        return summary.model_dump_json(indent=1)

    def tell(self, *, verbose: bool) -> None:
        """Say on stderr what happened, why, what is safe and what helps."""
        error = self.summary.error
        if error is None:
            return
        say(ErrorMessageFormatter().format_for_user(error.as_problem(), self.situation))
        if verbose:
            say("\n".join(["  Technical:", *(f"    {line}" for line in error.technical)]))

    def ask(self) -> None:
        """In a terminal, offer what would help and go on with the choice; else return."""
        problem, otherwise = self._problem()
        if problem is None or self.situation is None:
            return
        resolver = InteractiveErrorResolver()
        if self.summary.error is None and resolver.available:
            said = headline(problem)
            say("\n".join(["", said[0].replace("✗", "!", 1), *said[1:], "  A fallback did it."]))
        chosen = resolver.resolve_error_interactively(problem, self.situation, otherwise=otherwise)
        if chosen is not None:
            go_on(chosen)

    @cached_property
    def situation(self) -> Situation | None:
        """The run and the machine as they are now."""
        if self.settings is None:
            return None
        return situation_of(self.settings, command=self.command, project_id=self.summary.project_id)

    @property
    def _suggestions(self) -> tuple[object, ...]:
        error = self.summary.error
        if error is None:
            return ()
        return ErrorMessageFormatter().suggestions(error.as_problem(), self.situation)

    def _problem(self) -> tuple[ProcessingError | None, str]:
        if self.summary.error is not None:
            return self.summary.error.as_problem(), "Stop here"
        worth = [
            problem
            for problem in self.summary.errors
            if problem.kind in _WORTH_ASKING and problem.stage != _MINOR
        ]
        if not worth:
            return None, ""
        return min(worth, key=lambda p: _WORTH_ASKING.index(p.kind)), "Keep it as it is"


def keep(error: EditorError, settings: Settings | None) -> None:
    """Log an error that came before the run, where there is a work folder already."""
    if settings is None or not settings.paths.home.is_dir():
        return
    with suppress(EditorError):  # a log that cannot be written is not what the user asked about
        ErrorTracker(settings.paths.home).log_error(error, stage="initialization")
