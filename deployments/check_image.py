"""Runs the Dockerfile's steps in a fresh Debian root: a check where no container engine is.

Needs root, `debootstrap` and a Debian host: its own apt sources are used. What a container would
have beyond that (layers, isolation from this machine's processes and network) is not checked.

    python -m deployments.check_image /var/tmp/image
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCKERFILE = ROOT / "deployments" / "Dockerfile"
SAMPLE = "samples/sample.mp4"
MODEL = "tests/data/whisper-fixture"

_PASSED_ON = re.compile(r"^(PIP_|UV_|SSL_CERT|REQUESTS_CA)|_proxy$", re.IGNORECASE)
"""Variables by which this machine reaches its package index."""


_SYSTEM = (Path("/proc"), Path("/dev"))


@dataclass(frozen=True)
class Step:
    """One instruction of a Dockerfile."""

    word: str
    rest: str

    @property
    def words(self) -> list[str]:
        """Its arguments: a JSON list, or words."""
        found: list[str] = (
            json.loads(self.rest) if self.rest.startswith("[") else shlex.split(self.rest)
        )
        return found


def steps(text: str) -> list[Step]:
    """The instructions of a Dockerfile, in order."""
    plain = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    lines = plain.replace("\\\n", " ").splitlines()
    return [Step(*line.split(maxsplit=1)) for line in lines if line.strip()]


@dataclass
class Image:
    """A root folder that becomes the image.

    Attributes:
        root: the folder.
        shared: folders of this machine that the root sees while it is worked in.
        environment: of every command in it.
        user: who runs them.
        folder: where they run.
        health: the health check's command.
        entry: the entry point.
        volumes: folders that outlast a container.
    """

    root: Path
    shared: tuple[Path, ...] = ()
    environment: dict[str, str] = field(
        default_factory=lambda: {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"}
    )
    user: str = "root"
    folder: str = "/"
    health: list[str] = field(default_factory=list)
    entry: list[str] = field(default_factory=list)
    volumes: list[str] = field(default_factory=list)

    def build(self, instructions: list[Step]) -> None:
        """Carry out every instruction.

        Raises:
            subprocess.CalledProcessError: one failed.
            ValueError: one is not known here.
        """
        for step in instructions:
            print(f"== {step.word} {step.rest[:100]}", flush=True)
            started = time.monotonic()
            self._carry_out(step)
            print(f"   {time.monotonic() - started:.0f} s", flush=True)

    def _carry_out(self, step: Step) -> None:
        if step.word == "FROM":
            self._debian(step.rest)
        elif step.word == "RUN":
            self.run(["/bin/sh", "-ec", step.rest])
        elif step.word == "WORKDIR":
            self.folder = step.rest
            self.inside(step.rest).mkdir(parents=True, exist_ok=True)
        elif step.word == "COPY":
            self._copy(step.words)
        elif step.word == "ENV":
            for word in step.words:
                name, _, value = word.partition("=")
                self.environment[name] = value.replace("$PATH", self.environment["PATH"])
        elif step.word == "USER":
            self.user = step.rest
        elif step.word == "VOLUME":
            self.volumes = step.words
        elif step.word == "HEALTHCHECK":
            self.health = json.loads(step.rest.partition("CMD")[2])
        elif step.word == "ENTRYPOINT":
            self.entry = step.words
        else:
            raise ValueError(f"The instruction {step.word} is not known here.")

    def inside(self, path: str) -> Path:
        """Where a path of the image lies."""
        return self.root / path.lstrip("/")

    def _debian(self, base: str) -> None:
        """A root with Python, as the base image has it."""
        match = re.fullmatch(r"python:(\d+\.\d+)-slim-(\w+)", base)
        if match is None:
            raise ValueError(f"The base image {base} is not known here.")
        python, suite = f"python{match[1]}", match[2]
        subprocess.run(
            ["debootstrap", "--variant=minbase", "--include=ca-certificates", suite, self.root,
             mirror(suite)],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        for source in ("sources.list", "sources.list.d"):
            place = Path("/etc/apt", source)
            if place.is_dir():
                shutil.copytree(place, self.root / "etc/apt" / source, dirs_exist_ok=True)
            elif place.exists():
                shutil.copy(place, self.root / "etc/apt" / source)
        for key in Path("/usr/share/keyrings").glob("*"):
            shutil.copy(key, self.root / "usr/share/keyrings")
        self.run(
            [
                "/bin/sh",
                "-ec",
                "apt-get update && apt-get install -y --no-install-recommends "
                f"{python} {python}-venv && rm -rf /var/lib/apt/lists/*",
            ],
        )
        (self.root / "usr/local/bin/python").symlink_to(f"/usr/bin/{python}")

    def _copy(self, words: list[str]) -> None:
        *sources, target = words
        folder = self.inside(str(Path(self.folder) / target))
        tracked = subprocess.run(
            ["git", "ls-files", "-z", *sources], cwd=ROOT, check=True, capture_output=True,
            text=True,
        ).stdout  # fmt: skip
        for name in filter(None, tracked.split("\0")):
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place)

    def run(self, command: list[str], environment: Mapping[str, str] | None = None) -> str:
        """Run a command in the root as the present user and give what it printed.

        Raises:
            subprocess.CalledProcessError: it failed.
        """
        passed_on = {k: v for k, v in os.environ.items() if _PASSED_ON.search(k)}
        script = 'cd "$0" && exec "$@"'
        with self._mounted():
            done = subprocess.run(
                ["chroot", f"--userspec={self.user}", self.root, "/bin/sh", "-c", script,
                 self.folder, *command],
                env={**passed_on, **self.environment, **(environment or {})},
                stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
            )  # fmt: skip
        if done.returncode:
            sys.stderr.write(done.stdout[-4000:] + done.stderr[-4000:])
        done.check_returncode()
        return done.stdout

    @contextmanager
    def _mounted(self) -> Iterator[None]:
        with ExitStack() as mounts:
            for place in (*_SYSTEM, *self.shared):
                inside = self.inside(str(place))
                if place.is_dir():
                    inside.mkdir(parents=True, exist_ok=True)
                else:
                    inside.parent.mkdir(parents=True, exist_ok=True)
                    inside.touch()
                kind = ["--bind"] if place in _SYSTEM else ["--bind", "-o", "ro"]
                subprocess.run(["mount", *kind, place, inside], check=True)
                mounts.callback(_unmount, inside)
            yield


def _unmount(place: Path) -> None:
    subprocess.run(["umount", place], check=True)


def mirror(suite: str) -> str:
    """The address that apt on this machine is told to take a suite from.

    Raises:
        ValueError: apt has no source for it.
    """
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(SITE) $(RELEASE) $(CREATED_BY)"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for line in listed.splitlines():
        site, release, created_by = line.split()
        if release == suite and created_by == "Packages":
            return site
    raise ValueError(f"apt has no source for {suite}: add one to /etc/apt/sources.list.d.")


def size(root: Path) -> int:
    """Bytes of a folder on disk."""
    total = subprocess.run(["du", "-sxk", root], capture_output=True, text=True, check=True).stdout
    return int(total.split()[0]) * 1024


def main() -> None:
    """Build the root, ask for its health, edit the sample in it, and tell."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("root", type=Path, help="folder to build in; must not exist")
    parser.add_argument(
        "--share", type=Path, action="append", default=[], metavar="PATH",
        help="path of this machine that installing reads, such as its certificates; it hides "
        "what the image has there",
    )  # fmt: skip
    given = parser.parse_args()
    if given.root.exists():
        parser.error(f"{given.root} is there already: remove it or name another folder")
    given.root.mkdir(parents=True)
    image = Image(given.root.absolute(), (Path("/etc/resolv.conf"), *given.share))
    image.build(steps(DOCKERFILE.read_text(encoding="utf-8")))
    print(f"size: {size(image.root) / 1e9:.2f} GB")
    missing = [volume for volume in image.volumes if not image.inside(volume).is_dir()]
    assert not missing, missing
    who = image.run(["id", "-un"]).strip()
    assert who != "root", "the image runs as root"
    print(f"user: {who}")
    print(image.run(image.health))
    started = time.monotonic()
    summary = json.loads(
        image.run(
            [*image.entry, "process", SAMPLE, "--offline", "--whisper-model", MODEL, "--json"]
        )
    )
    print(f"process: {summary['status']} in {time.monotonic() - started:.0f} s")
    film = image.inside(str(Path(summary["output_dir"]) / "video.mp4"))
    print(f"film: {film.relative_to(image.root)}, {film.stat().st_size} bytes")


if __name__ == "__main__":
    main()
