"""Plugins are found in the user's folder and in packages; those that cannot be loaded are named."""

from __future__ import annotations

import getpass
import grp
import os
import sys
import textwrap
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from ai_video_editor.plugins.discovery import Found, find_plugins
from tasks.deadline import within

GOOD = """
    __version__ = "2.1"

    def nothing(call):
        return None

    def register(plugins):
        plugins.register_hook("after_research", nothing)
"""


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    for made in (path, path.parent, folder):
        made.chmod(0o755 if made.is_dir() else 0o644)
    return path


def keys(found: Found) -> list[tuple[str, str]]:
    return [(name, version) for name, _, version, _ in found.plugins.fingerprints("research")]


def test_a_folder_that_is_not_there_has_no_plugins(tmp_path: Path) -> None:
    found = find_plugins(tmp_path / "none")
    assert found.faults == () and not found.plugins.touches("research")


def test_a_file_and_a_folder_are_plugins_with_names_and_versions(tmp_path: Path) -> None:
    put(tmp_path, "one.py", GOOD)
    put(tmp_path, "two/__init__.py", "from .part import register")
    put(tmp_path, "two/part.py", GOOD)
    put(tmp_path, "_private.py", "raise RuntimeError")
    put(tmp_path, "notes.txt", "no plugin")
    found = find_plugins(tmp_path)
    assert found.faults == ()
    assert keys(found) == [("one.nothing", "2.1"), ("two.nothing", "")]


def test_an_edit_gives_another_key_and_the_new_code(tmp_path: Path) -> None:
    put(tmp_path, "one/__init__.py", GOOD)
    put(tmp_path, "one/words.txt", "before")
    first = find_plugins(tmp_path)
    assert find_plugins(tmp_path) is first
    put(tmp_path, "one/words.txt", "after")
    second = find_plugins(tmp_path)
    assert first.plugins.fingerprints("research") != second.plugins.fingerprints("research")
    put(tmp_path, "one/__init__.py", GOOD.replace("2.1", "2.2"))
    assert keys(find_plugins(tmp_path)) == [("one.nothing", "2.2")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import no_such_module", "ModuleNotFoundError"),
        ("def register(:", "SyntaxError"),
        ("x = 1", "no function `register`"),
        ("raise SystemExit(1)", "tried to end the program"),
        ("def register(plugins):\n    plugins.register_hook('after_x', print)", "no stage 'x'"),
        ("import time\ntime.sleep(20)", "took longer"),
    ],
)
def test_a_plugin_that_cannot_be_loaded_is_named_and_the_others_work(
    tmp_path: Path, text: str, reason: str
) -> None:
    put(tmp_path, "bad.py", text)
    put(tmp_path, "good.py", GOOD)
    found = find_plugins(tmp_path, partial(within, 2.0))
    ((name, told),) = found.faults
    assert name == "bad" and reason in told
    assert keys(found) == [("good.nothing", "2.1")]


def test_half_of_a_plugin_is_none(tmp_path: Path) -> None:
    put(tmp_path, "half.py", GOOD + "    raise RuntimeError('half way')\n")
    found = find_plugins(tmp_path)
    assert found.faults == (("half", "RuntimeError: half way"),)
    assert keys(found) == []


def test_a_file_that_others_may_write_is_not_run(tmp_path: Path) -> None:
    trace = tmp_path / "ran"
    path = put(tmp_path / "plugins", "open.py", f"open({str(trace)!r}, 'w')\n{GOOD}")
    path.chmod(0o666)
    ((name, told),) = find_plugins(tmp_path / "plugins").faults
    assert name == "open" and "others may write" in told and "chmod go-w" in told
    path.chmod(0o644)
    (tmp_path / "plugins").chmod(0o777)
    assert "others may write" in find_plugins(tmp_path / "plugins").faults[0][1]
    assert not trace.exists()


def test_a_file_that_only_ones_own_group_may_write_is_run(tmp_path: Path) -> None:
    path = put(tmp_path, "one.py", GOOD)
    path.chmod(0o664)
    private = grp.getgrgid(path.stat().st_gid).gr_name == getpass.getuser()
    assert bool(find_plugins(tmp_path).faults) is not private


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file away"
)
def test_a_file_of_another_user_is_not_run(tmp_path: Path) -> None:
    path = put(tmp_path, "theirs.py", GOOD)
    os.chown(path, 12345, 12345)
    ((name, told),) = find_plugins(tmp_path).faults
    assert name == "theirs" and "belongs to another user" in told


@pytest.fixture
def package(tmp_path: Path) -> Iterator[Path]:
    """An installed package that names a plugin in its entry points."""
    site = tmp_path / "site"
    put(site, "their_plugin/__init__.py", "")
    put(
        site,
        "their_plugin/main.py",
        """
        from ai_video_editor.plugins.base import BaseProcessor

        class Theirs(BaseProcessor):
            stage = "research"

            def process(self, call):
                return None
        """,
    )
    info = "their_plugin-3.0.dist-info"
    put(site, f"{info}/METADATA", "Metadata-Version: 2.1\nName: their-plugin\nVersion: 3.0\n")
    put(
        site,
        f"{info}/entry_points.txt",
        "[ai_video_editor.plugins]\ntheirs = their_plugin.main:Theirs\ngone = their_plugin.no:x\n",
    )
    sys.path.insert(0, str(site))
    yield site
    sys.path.remove(str(site))
    for name in [name for name in sys.modules if name.startswith("their_plugin")]:
        del sys.modules[name]


def test_plugins_of_installed_packages_are_found(tmp_path: Path, package: Path) -> None:
    found = find_plugins(tmp_path / "none")
    assert keys(found) == [("theirs.Theirs", "3.0")]
    ((name, told),) = found.faults
    assert name == "gone" and "ModuleNotFoundError" in told
