"""Services that misbehave: Gemini in every way it can, for each node that asks it, and the web."""

from __future__ import annotations

import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ai_video_editor.clients.loopback_gemini import Fault, LoopbackGemini, Step
from tests.chaos.case import Case, Reference, Verdict
from tests.chaos.ground import Ground, copy_of, half_written, left_over, left_running

_KEY = "AIzaSyChaos-0123456789-secret"
_SILENT = b""
_NONSENSE = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<html>\0\xff\xfe"

WEB = {"refuses": None, "says nothing": _SILENT, "talks nonsense": _NONSENSE}
"""What stands where the way to the web should be."""


def cases(_seed: int) -> Iterator[Case]:
    """Every fault of Gemini while it directs and while it writes texts; the web in three ways."""
    for fault in Fault:
        if fault is Fault.OK:
            continue
        yield Case("services", f"{fault} while directing", _played((Step(fault, 0.2),), None))
        # a refused request leaves the plan to the rules, so that the texts are asked for alone
        texts = (Step(Fault.BAD_REQUEST), Step(fault, 0.2))
        yield Case("services", f"{fault} while writing texts", _played(texts, None))
    for name, answer in WEB.items():
        yield Case("services", f"the web {name}", _played((Step(),), answer))


def _played(
    script: tuple[Step, ...], web: bytes | None
) -> Callable[[Ground, Reference, Path], Verdict]:
    def play(ground: Ground, reference: Reference, folder: Path) -> Verdict:
        home, output = ground.folder / "services", folder / "out"
        if not home.exists():
            copy_of(reference.home, home)
        with LoopbackGemini(script) as gemini, _proxy(web) as proxy:
            proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTPS_PROXY"), proxy)
            ended = ground.run(
                home, output, "--max-retries", "0", "--api-timeout", "2", "--api-retries", "1",
                offline=False, **proxies, no_proxy="127.0.0.1,localhost",
                GOOGLE_GEMINI_BASE_URL=gemini.url, GEMINI_API_KEY=_KEY,
            )  # fmt: skip
            asked = gemini.asked
        faults = [f"still running: {orphan}" for orphan in left_running(home)]
        faults += [f"half-written: {path}" for path in half_written(output)]
        faults += [f"left in the work folder: {path}" for path in left_over(home)]
        faults += [f"the key stands in {path}" for path in _tell_tales(home, output)]
        if ended.traceback:
            faults.append(f"a traceback: {ended.told[-400:]}")
        if _KEY in ended.told or _KEY in str(ended.summary):
            faults.append("the key was told")
        if ended.status not in ("degraded", "completed"):
            faults.append(f"ended {ended.status}: {ended.told[-300:]}")
        elif not (Path(ended.summary["output_dir"]) / "video.mp4").exists():
            faults.append("no film")
        return Verdict(f"{ended.status}, asked {asked} times", tuple(faults))

    return play


def _tell_tales(*folders: Path) -> list[Path]:
    """Files in which the key stands, packed or not."""
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return [path for path in files if _holds_key(path.read_bytes())]


def _holds_key(data: bytes) -> bool:
    with suppress(zlib.error):
        data += zlib.decompress(data)
    return _KEY.encode() in data


@contextmanager
def _proxy(answer: bytes | None) -> Iterator[str]:
    """Address of a proxy that refuses every connection (None), or gives each the same answer."""
    if answer is None:
        yield "http://127.0.0.1:9"
        return
    open_ones: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    open_ones.append(connection)
                    if answer:
                        connection.sendall(answer)
                        connection.close()

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
    for connection in open_ones:
        connection.close()
