"""The Silero voice detector that ships inside faster-whisper, run block by block.

faster-whisper's own wrapper wants the whole recording at once and begins anew at each call; here
the network's memory is carried from block to block, so the length of a recording does not matter.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np

from ai_video_editor.audio.sound import HOP, RATE, Row, Samples
from ai_video_editor.errors import UnavailableError

_CHUNK = 512
_CONTEXT = 64
_MEMORY = 128


def _model_file() -> Path:
    package = importlib.util.find_spec("faster_whisper")
    folders = (
        [Path(place) for place in (package.submodule_search_locations or [])] if package else []
    )
    for folder in folders:
        for file in sorted((folder / "assets").glob("silero_vad*.onnx"), reverse=True):
            return file
    raise UnavailableError(
        "The voice detector is missing: faster-whisper's package holds no Silero model; "
        "install faster-whisper again."
    )


class VoiceDetector:
    """Probability of voice, 0 to 1, every 32 ms of 16 kHz mono sound.

    Raises:
        UnavailableError: the model file is not there or cannot be loaded.
    """

    def __init__(self) -> None:
        """Load the model."""
        file = _model_file()
        try:
            import onnxruntime  # type: ignore[import-untyped]  # ships no types

            options = onnxruntime.SessionOptions()
            options.inter_op_num_threads = options.intra_op_num_threads = 1
            options.enable_cpu_mem_arena = False
            options.log_severity_level = 4
            self._session: Any = onnxruntime.InferenceSession(
                str(file), providers=["CPUExecutionProvider"], sess_options=options
            )
        except (ImportError, RuntimeError, OSError) as error:
            raise UnavailableError(
                f"The voice detector {file.name} cannot be loaded: {error}"
            ) from error
        self._memory = [np.zeros((1, 1, _MEMORY), np.float32) for _ in range(2)]
        self._context: Samples = np.zeros(_CONTEXT, np.float32)
        self._pending: Samples = np.zeros(0, np.float32)
        self._heard: list[Row] = []

    def feed(self, block: Samples) -> None:
        """Hear the next block."""
        samples = np.concatenate((self._pending, block.astype(np.float32, copy=False)))
        whole = samples.size // _CHUNK
        self._pending = samples[whole * _CHUNK :]
        if whole:
            self._run(samples[: whole * _CHUNK].reshape(whole, _CHUNK))

    def finish(self, rows: int) -> Row:
        """Probabilities on the 10 ms rows of `Sound`."""
        if self._pending.size:
            self._run(np.pad(self._pending, (0, _CHUNK - self._pending.size))[None, :])
            self._pending = self._pending[:0]
        if not self._heard:
            return np.zeros(rows, np.float32)
        chunks = np.concatenate(self._heard)
        centres = (np.arange(chunks.size) + 0.5) * _CHUNK / RATE
        times = (np.arange(rows) + 0.5) * HOP / RATE
        return np.interp(times, centres, chunks).astype(np.float32)

    def _run(self, chunks: Samples) -> None:
        tails = chunks[:, -_CONTEXT:]
        contexts = np.concatenate((self._context[None, :], tails[:-1]))
        self._context = tails[-1].copy()
        output, *self._memory = self._session.run(
            None,
            {
                "input": np.concatenate((contexts, chunks), axis=1),
                "h": self._memory[0],
                "c": self._memory[1],
            },
        )
        self._heard.append(np.asarray(output, np.float32).reshape(-1))
