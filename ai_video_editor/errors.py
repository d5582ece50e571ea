"""Every error a user can meet, and what each of them advises.

    EditorError
    ├── InputError                     what was given cannot be used: exit code 2, before any work
    ├── ContentContextError            the record of the run
    │   ├── ContextIntegrityError      damaged, too large, of an unknown schema version
    │   └── ContextStateError          a stage read or wrote what it did not declare
    ├── APIIntegrationError            a service over the network
    │   ├── GeminiAPIError
    │   ├── ImagenAPIError
    │   ├── APIRateLimitError
    │   └── APIAuthenticationError
    ├── ResourceConstraintError        this machine
    │   ├── MemoryConstraintError
    │   ├── DiskSpaceError
    │   ├── ProcessingTimeoutError
    │   └── CPUOverloadError
    ├── FileSystemError                files and folders
    │   ├── FilePermissionError
    │   ├── FileCorruptionError
    │   └── StorageError
    ├── MediaError                     a tool could not read or write sound or picture
    ├── UnavailableError               a processor cannot run here; the next of the list is taken
    ├── RunInterruptedError            the user stopped the run
    └── StageFailedError               every processor of a stage failed; holds all the reasons

Foreign errors are translated at the border where they arise, always `from` the original.
"""

from __future__ import annotations

from collections.abc import Sequence


class EditorError(Exception):
    """Root of every error that we raise on purpose.

    Args:
        message: one sentence with the file, the fact and the fix, in the user's words.
        advice: commands or steps that would help, most useful first.
        project_id: the project whose context is safe on disk, when there is one.
        resume_from: name of the stage to resume from, when there is one.
    """

    retryable = False
    """Whether the same call may succeed a moment later without anybody changing anything."""

    default_advice: tuple[str, ...] = ()

    file: str = ""
    """The file that the error is about, as it was given, where somebody knows it."""

    def __init__(
        self,
        message: str,
        *,
        advice: Sequence[str] = (),
        project_id: str | None = None,
        resume_from: str | None = None,
    ) -> None:
        """Keep the message and what would help."""
        super().__init__(message)
        self.message = message
        self.advice: tuple[str, ...] = tuple(advice) or self.default_advice
        self.project_id = project_id
        self.resume_from = resume_from

    def __str__(self) -> str:
        """The message alone; advice is laid out by whoever shows it."""
        return self.message


class InputError(EditorError):
    """An input or an option cannot be used; nothing was started."""


class ContentContextError(EditorError):
    """The record of the run cannot be used; what was done before it is safe on disk."""


class ContextIntegrityError(ContentContextError):
    """A stored section is damaged, too large, or of a schema version that is not known."""

    default_advice = ("Run the same command again: what is damaged is made anew.",)


class ContextStateError(ContentContextError):
    """A stage read or filled a section that it does not declare, or two filled the same one."""

    default_advice = ("This is a fault of the program: please report it with the log.",)


class APIIntegrationError(EditorError):
    """A call to a service failed."""

    default_advice: tuple[str, ...] = ("Run with --offline to do without the service.",)


class GeminiAPIError(APIIntegrationError):
    """Gemini answered with an error or with something that cannot be used."""


class ImagenAPIError(APIIntegrationError):
    """Imagen made no image."""


class APIRateLimitError(APIIntegrationError):
    """The service asks to slow down.

    Args:
        message: see `EditorError`.
        retry_after: seconds the service asks to wait, when it says so.
    """

    retryable = True

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        """Keep how long the service asks to wait."""
        super().__init__(message)
        self.retry_after = retry_after


class APIAuthenticationError(APIIntegrationError):
    """The key was refused; no further call goes to that service in this run."""

    default_advice = ("Check GEMINI_API_KEY.", "Run with --offline to do without the service.")


class ResourceConstraintError(EditorError):
    """This machine has too little of something."""


class MemoryConstraintError(ResourceConstraintError):
    """Too little memory."""

    default_advice = ("Close other programs.", "Run with --quality low --no-parallel.")


class DiskSpaceError(ResourceConstraintError):
    """Too little room on the disk."""

    default_advice = ("Free the space named above, then run the same command again.",)


class ProcessingTimeoutError(ResourceConstraintError):
    """A step took longer than it may."""

    retryable = True
    default_advice = ("Run the same command again: finished stages are reused.",)


class CPUOverloadError(ResourceConstraintError):
    """The processor is too busy."""

    retryable = True


class FileSystemError(EditorError):
    """A file or folder cannot be used."""


class FilePermissionError(FileSystemError, InputError):
    """Reading or writing is not allowed."""


class FileCorruptionError(FileSystemError, InputError):
    """A file is damaged."""


class StorageError(FileSystemError):
    """The work folder cannot be read or written."""


class MediaError(EditorError):
    """A tool could not read or write sound or picture."""

    default_advice = ("Run with --verbose to see what the tool said.",)


class UnavailableError(EditorError):
    """A processor cannot run on this machine or with these settings."""


class RunInterruptedError(EditorError):
    """The run was stopped; finished stages are safe."""

    default_advice = ("Run the same command again: finished stages are reused.",)


class StageFailedError(EditorError):
    """Every processor of a stage failed.

    Args:
        stage: name of the stage.
        reasons: `(processor, what went wrong)` in the order they were tried.
        errors: the errors themselves, in the same order.
    """

    def __init__(
        self,
        stage: str,
        reasons: Sequence[tuple[str, str]],
        errors: Sequence[BaseException] = (),
    ) -> None:
        """Say in one sentence what was tried and why each failed."""
        tried = "; ".join(f"{processor}: {reason}" for processor, reason in reasons)
        super().__init__(
            f"The stage {stage} failed. {tried}",
            advice=("Run the same command again: finished stages are reused.",),
            resume_from=stage,
        )
        self.stage = stage
        self.reasons = tuple(reasons)
        self.errors = tuple(errors)


class TooBusyError(EditorError):
    """A server cannot take anything now; later it may."""
