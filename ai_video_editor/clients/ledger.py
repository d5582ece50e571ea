"""What one run has asked of a service and paid for it, shared by all clients of the run.

After a refused key the ledger is closed: no client that holds it sends another call.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from ai_video_editor.clients.language_model import ModelAnswer, ModelRequest, dollars
from ai_video_editor.errors import APIAuthenticationError, GeminiAPIError

_REMEMBERED = 64
"""Runs of this process whose ledgers are kept."""


@dataclass
class Ledger:
    """The book of one run.

    Attributes:
        max_cost: dollars that may be spent; None for no cap.
        spent: dollars so far.
        calls: requests that were sent, tries and free questions included.
        failed: those of them that gave no answer to use.
        tokens: read and written so far.
        refused: why the key was refused; "" while it was not.
    """

    max_cost: float | None = None
    spent: float = 0.0
    calls: int = 0
    failed: int = 0
    tokens: int = 0
    refused: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def open_for_calls(self) -> None:
        """Do nothing, or stop the caller.

        Raises:
            APIAuthenticationError: the key was refused earlier in this run.
        """
        if self.refused:
            raise APIAuthenticationError(
                f"{self.refused} Nothing more is asked of the service in this run."
            )

    def afford(self, request: ModelRequest, tokens: int) -> None:
        """Refuse a request that could pass the cap.

        Args:
            request: what is to be asked.
            tokens: its length.

        Raises:
            GeminiAPIError: it could cost more than is left.
        """
        if self.max_cost is None:
            return
        price = dollars(request.model, tokens, request.max_output_tokens)
        if self.spent + price > self.max_cost:
            raise GeminiAPIError(
                f"A request of {tokens} tokens to {request.model} could cost ${price:.3f}, "
                f"${self.spent:.3f} are spent, and the cap is ${self.max_cost:.2f}; raise it with "
                "--max-cost.",
                advice=("Raise --max-cost.", "Run with --offline to do without the service."),
            )

    def sent(self) -> None:
        """Note that a request goes out."""
        with self._lock:
            self.calls += 1

    def failed_call(self) -> None:
        """Note that a request gave no answer to use."""
        with self._lock:
            self.failed += 1

    def paid(self, answer: ModelAnswer) -> None:
        """Note what an answer cost."""
        with self._lock:
            self.spent += answer.dollars
            self.tokens += answer.input_tokens + answer.output_tokens


_ledgers: OrderedDict[str, Ledger] = OrderedDict()
_ledgers_lock = threading.Lock()


def ledger_of(run: str, max_cost: float | None = None) -> Ledger:
    """The ledger of a run of this process, begun where there is none.

    Args:
        run: id of the run.
        max_cost: dollars, for a ledger that is begun.
    """
    with _ledgers_lock:
        if run not in _ledgers:
            _ledgers[run] = Ledger(max_cost)
            while len(_ledgers) > _REMEMBERED:
                _ledgers.popitem(last=False)
        ledger = _ledgers[run]
        if max_cost is not None:
            ledger.max_cost = max_cost
        return ledger
