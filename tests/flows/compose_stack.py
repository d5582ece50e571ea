"""docker-compose.yml without containers: the same commands and environment, as native processes.

Host names become loopback ports, folders of the image become folders of the test, PostgreSQL and
Redis come from the system's packages, and moto stands for the S3-compatible storage.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import yaml

from deployments.check_image import DOCKERFILE, steps
from tests.waiting import free_port, until

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent

_PORTS = {"postgres": 5432, "redis": 6379, "storage": 8333, "server": 4200}
"""What listens in the containers."""


def compose(given: Mapping[str, str]) -> dict[str, Any]:
    """docker-compose.yml with its variables filled in.

    Raises:
        KeyError: a variable that has no default was not given.
    """

    def value(match: re.Match[str]) -> str:
        name, default = match[1], match[3] if match[2] == ":-" else None
        return given[name] if name in given or default is None else default

    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    parsed: dict[str, Any] = yaml.safe_load(re.sub(r"\$\{(\w+)(:[-?])?([^}]*)\}", value, text))
    return parsed


def image_environment() -> dict[str, str]:
    """What the Dockerfile sets."""
    words = [w for s in steps(DOCKERFILE.read_text(encoding="utf-8")) if s.word == "ENV"
             for w in s.words]  # fmt: skip
    return {name: value for name, _, value in (word.partition("=") for word in words)}


def postgres_folder() -> Path | None:
    """Where PostgreSQL's programs lie."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return found[-1].parent if found else None


def missing_packages() -> list[str]:
    """System packages that the stack needs and that are not here."""
    return [
        *([] if postgres_folder() else ["postgresql"]),
        *([] if shutil.which("redis-server") else ["redis-server"]),
    ]


def listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _interruptible() -> None:
    """A child of a shell job ignores SIGINT, and Prefect's worker stops by it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass
class Stack:
    """The services of docker-compose.yml on this machine.

    Attributes:
        given: values of the file's variables.
        folder: of everything that the services write.
    """

    given: Mapping[str, str]
    folder: Path = field(
        default_factory=lambda: Path(tempfile.mkdtemp(prefix="compose-", dir="/tmp"))
    )
    ports: dict[str, int] = field(default_factory=lambda: {n: free_port() for n in _PORTS})
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.services: dict[str, Any] = compose(self.given)["services"]
        self.folder.chmod(0o755)
        for name in ("home", "app/input", "app/output", "app/config", "logs"):
            (self.folder / name).mkdir(parents=True)

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.ports['server']}/api"

    def environment(self, service: str) -> dict[str, str]:
        """What the file and the image set, in this machine's addresses; nothing of our own."""
        configured = {**image_environment(), **(self.services[service].get("environment") or {})}
        return {
            **{name: self._here(str(value)) for name, value in configured.items()},
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "HOME": str(self.folder / "home"),
        }

    def _here(self, value: str) -> str:
        value = re.sub(
            r"\b(postgres|redis|storage|server|localhost):(\d+)",
            lambda m: f"127.0.0.1:{self.ports[m[1] if m[1] in _PORTS else 'server']}",
            value,
        )
        known = {str(port): str(self.ports[name]) for name, port in _PORTS.items()}
        known |= {**dict.fromkeys(_PORTS, "127.0.0.1"), "0.0.0.0": "127.0.0.1"}
        value = known.get(value, value)
        return re.sub(r"^(/app|/var/lib/ai-video-editor)\b", rf"{self.folder}\1", value)

    def start(self, service: str, command: Sequence[str] | None = None) -> None:
        """Start a service; of our own image with the file's entry point."""
        words = list(command or self.services[service]["entrypoint"])
        log = (self.folder / "logs" / f"{service}.log").open("wb")
        self._running[service] = subprocess.Popen(
            words, env=self.environment(service), cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log,
            stderr=log, preexec_fn=_interruptible,
        )  # fmt: skip
        log.close()

    def finish(self, service: str, command: Sequence[str] | None = None) -> None:
        """Run a service that ends by itself."""
        self.start(service, command)
        assert self._running.pop(service).wait(timeout=300) == 0, self.log(service)

    def alive(self, service: str) -> bool:
        return self._running[service].poll() is None

    def log(self, service: str) -> str:
        return (self.folder / "logs" / f"{service}.log").read_text(errors="replace")

    def start_database(self) -> None:
        """PostgreSQL as its image does it: a new cluster with the user and password given."""
        programs = postgres_folder()
        assert programs is not None
        settings = self.services["postgres"]["environment"]
        data, secret = self.folder / "postgres", self.folder / "secret"
        data.mkdir()
        secret.write_text(settings["POSTGRES_PASSWORD"])
        who: list[str] = []
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(data, "postgres")
            shutil.chown(secret, "postgres")
            who = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"]
        user = settings["POSTGRES_USER"]
        assert settings["POSTGRES_DB"] == user, "initdb's default"
        self.finish("postgres", [
            *who, str(programs / "initdb"), "-D", str(data), "-U", user, "--auth=scram-sha-256",
            f"--pwfile={secret}", "--no-sync",
        ])  # fmt: skip
        port = str(self.ports["postgres"])
        self.start("postgres", [
            *who, str(programs / "postgres"), "-D", str(data), "-p", port, "-h", "127.0.0.1",
            "-k", str(data), "-F",
        ])  # fmt: skip
        until(lambda: listens(self.ports["postgres"]), 60, "PostgreSQL listens")
        time.sleep(0.5)
        address = {"PGPASSWORD": settings["POSTGRES_PASSWORD"], "PATH": os.environ["PATH"]}
        connect = [programs / "createdb", "-h", "127.0.0.1", "-p", port, "-U", user, user]

        def created() -> bool:
            return subprocess.run(connect, env=address, capture_output=True).returncode == 0

        until(created, 60, "PostgreSQL makes the database")

    def start_all(self) -> None:
        """Every service, in the order that the file asks for."""
        redis = self.services["redis"]["command"]
        self.start("redis", [
            *redis, "--port", str(self.ports["redis"]), "--bind", "127.0.0.1", "--dir",
            str(self.folder),
        ])  # fmt: skip
        storage = [str(BIN / "moto_server"), "-H", "127.0.0.1", "-p", str(self.ports["storage"])]
        self.start("storage", storage)
        self.start_database()
        until(lambda: listens(self.ports["redis"]), 60, "Redis listens")
        self.finish("migrate")
        self.start("server")
        self.start("services")
        until(lambda: listens(self.ports["storage"]), 60, "the storage listens")
        self.finish("bucket")
        health = self.environment("server") | {"URL": f"{self.api}/health"}
        test = self.services["server"]["healthcheck"]["test"]
        check = [test[1], test[2], re.sub(r"127\.0\.0\.1:\d+", f"127.0.0.1:{self.ports['server']}",
                                          test[3])]  # fmt: skip

        def healthy() -> bool:
            assert self.alive("server"), self.log("server")
            return subprocess.run(check, env=health, capture_output=True).returncode == 0

        until(healthy, 180, "the server is healthy")
        self.start("worker")

    def prefect(self, *words: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        """Prefect's command as a user has it who knows address and login."""
        return subprocess.run(
            [BIN / "prefect", "--no-prompt", *words], env=self.environment("worker"), cwd=ROOT,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout,
        )  # fmt: skip

    def stop(self) -> None:
        """End every service, the last one first, as the container engine does."""
        for process in reversed(self._running.values()):
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=45)
            process.kill()
            process.wait(timeout=10)
        self._running.clear()

    def left(self) -> list[str]:
        """Processes of the stack that still run."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.environ().get("HOME") == str(self.folder / "home"):
                    found.append(" ".join(process.cmdline()))
        return found
