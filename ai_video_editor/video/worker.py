"""Work that is done beside decoding: one thread, a short queue, errors handed back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Queue
from types import TracebackType
from typing import Generic, TypeVar

T = TypeVar("T")

ROOM = 12
"""Items that may wait: enough to ride out one slow search, too few to fill the memory."""


@contextmanager
def single_threaded_opencv() -> Iterator[None]:
    """OpenCV without its own threads: beside a decoder that has all cores they only get in the way.

    It costs a sixth of the processor time of the whole analysis to have them.
    """
    import cv2

    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


class Worker(Generic[T]):
    """Does one thing after the other in a thread of its own, while the caller goes on.

    Decoding, scaling and OpenCV all leave Python's lock while they work, so two cores are used.
    Leaving the `with` block waits for what is still queued; after an error, and when the block
    itself ends with one, what is queued is thrown away.

    Args:
        do: what is done with each item.
    """

    def __init__(self, do: Callable[[T], None]) -> None:
        """Prepare; the thread begins with the `with` block."""
        self._do = do
        self._queue: Queue[T | None] = Queue(ROOM)
        self._error: BaseException | None = None
        self._given_up = False
        self._thread = threading.Thread(target=self._work, name="video-analysers", daemon=True)

    def __enter__(self) -> Worker[T]:
        """Begin."""
        self._thread.start()
        return self

    def give(self, item: T) -> None:
        """Hand over an item; waits while the queue is full.

        Raises:
            BaseException: whatever `do` raised meanwhile.
        """
        if self._error is not None:
            raise self._error
        self._queue.put(item)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wait for the rest; raise what went wrong in it."""
        self._given_up = error is not None
        self._queue.put(None)
        self._thread.join()
        if self._error is not None and error is None:
            raise self._error

    def _work(self) -> None:
        while (item := self._queue.get()) is not None:
            if self._error is not None or self._given_up:
                continue
            try:
                self._do(item)
            except BaseException as error:  # handed to the caller, whatever it is
                self._error = error
