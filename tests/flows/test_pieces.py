"""Long stages in pieces: each persisted, so that a crash costs one."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from prefect import flow, task

from ai_video_editor.context.inputs import UserPreferences
from ai_video_editor.digests import hash_file
from ai_video_editor.errors import MediaError, StorageError
from ai_video_editor.progress import Report
from ai_video_editor.section_view import SectionView
from ai_video_editor.settings import Settings
from ai_video_editor.stages import stage
from ai_video_editor.store import ContextRef, Store
from tasks.pieces import PieceTask

pytestmark = [pytest.mark.usefixtures("prefect_server"), pytest.mark.xdist_group("prefect")]

PAYLOADS = [{"language": name} for name in ("en", "de", "fr")]


class Workshop:
    """Makes pieces and counts them."""

    def __init__(self, home: Path) -> None:
        self.made: list[str] = []
        self.broken: set[str] = set()
        self.seconds = 0.0
        self.at_once = self.most_at_once = 0
        self.settings = Settings.model_validate({"paths": {"home": home}})
        self.view = SectionView(
            stage("audio_processing"), ContextRef(project_id="talk-1"), Store(home)
        )
        self.piece = PieceTask(
            stage("audio_processing"), "trial", UserPreferences, self.make,
            settings=("audio.audio_track",), uses=("encoder",),
        )  # fmt: skip

    def make(
        self, payload: dict[str, Any], _store: Store, _settings: Settings, _report: Report
    ) -> UserPreferences:
        language = str(payload["language"])
        if language in self.broken:
            raise MediaError(f"{language} is broken.")
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        time.sleep(self.seconds)
        self.at_once -= 1
        self.made.append(language)
        return UserPreferences(language=language)

    def run(self) -> list[str | None]:
        told: list[float | None] = []

        @task(name="stage", persist_result=False)
        def in_a_stage() -> list[str | None]:
            made = self.piece.map(
                PAYLOADS, self.view, self.settings, lambda share, doing="": told.append(share)
            )
            return [piece.language for piece in made]

        @flow(name="trial")
        def trial() -> list[str | None]:
            return in_a_stage()

        result = trial()
        assert told[-1] == 1.0
        return result


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def test_pieces_come_back_in_order_and_are_made_once(workshop: Workshop) -> None:
    assert workshop.run() == ["en", "de", "fr"]
    assert workshop.run() == ["en", "de", "fr"]
    assert sorted(workshop.made) == ["de", "en", "fr"]


def test_a_failed_piece_costs_only_itself(workshop: Workshop) -> None:
    workshop.broken = {"fr"}
    with pytest.raises(MediaError, match="fr is broken"):
        workshop.run()
    workshop.broken = set()
    assert workshop.run() == ["en", "de", "fr"]
    assert sorted(workshop.made) == ["de", "en", "fr"]


@pytest.mark.parametrize("what", ["record", "file"])
def test_a_damaged_piece_is_noticed_and_made_anew(workshop: Workshop, what: str) -> None:
    workshop.run()
    store = workshop.view.store
    if what == "record":
        damaged = next((store.checkpoints / "audio_processing").glob("trial-*"))
    else:
        damaged = next((store.root / "media").rglob("*.json"))
    content = bytearray(damaged.read_bytes())
    content[-2] ^= 1
    damaged.write_bytes(bytes(content))
    assert workshop.run() == ["en", "de", "fr"]
    assert len(workshop.made) == 4


def test_a_piece_whose_recording_is_replaced_meanwhile_is_not_kept(
    workshop: Workshop, tmp_path: Path
) -> None:
    clip = tmp_path / "talk.mp4"
    clip.write_bytes(b"film")
    sha256 = hash_file(clip)
    workshop.view.store.remember_input(sha256, clip)

    def replacing(
        payload: dict[str, Any], store: Store, given: Settings, report: Report
    ) -> UserPreferences:
        store.input_path(sha256)
        clip.write_bytes(b"another film")
        return workshop.make(payload, store, given, report)

    kept, workshop.piece = workshop.piece, replace(workshop.piece, work=replacing)
    with pytest.raises(StorageError, match="changed since the run began"):
        workshop.run()
    workshop.made.clear()
    workshop.piece = kept
    workshop.run()
    assert sorted(workshop.made) == ["de", "en", "fr"], "there is nothing to reuse"


def test_another_setting_that_pieces_use_makes_them_again(workshop: Workshop) -> None:
    workshop.run()
    workshop.settings = Settings.model_validate(
        {"paths": {"home": workshop.settings.paths.home}, "audio": {"audio_track": "mix"}}
    )
    workshop.run()
    assert len(workshop.made) == 6


def test_a_limit_on_what_pieces_use_holds_for_all_that_run(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.client.orchestration import get_client

    # the client remembers for five seconds that earlier tests met no limit
    monkeypatch.setattr("prefect.concurrency.services._no_limits_cache", {})
    workshop.seconds = 0.3
    limit = {"tag": "encoder", "concurrency_limit": 1}
    with get_client(sync_client=True) as client:
        client.request("POST", "/concurrency_limits/", json=limit)
        workshop.run()
        client.request("DELETE", "/concurrency_limits/tag/{tag}", path_params={"tag": "encoder"})
    assert workshop.most_at_once == 1
    workshop.settings = Settings.model_validate(
        {"paths": {"home": workshop.settings.paths.home}, "run": {"fresh": True}}
    )
    workshop.run()
    assert workshop.most_at_once == 2
