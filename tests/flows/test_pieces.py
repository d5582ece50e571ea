"""Long stages in pieces: each persisted, so that a crash costs one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from prefect import flow

from ai_video_editor.context.inputs import UserPreferences
from ai_video_editor.errors import MediaError
from ai_video_editor.progress import Report
from ai_video_editor.settings import Settings
from ai_video_editor.stages import stage
from ai_video_editor.store import ContextRef, SectionView, Store
from tasks.pieces import PieceTask

pytestmark = [pytest.mark.usefixtures("prefect_server"), pytest.mark.xdist_group("prefect")]

PAYLOADS = [{"language": name} for name in ("en", "de", "fr")]


class Workshop:
    """Makes pieces and counts them."""

    def __init__(self, home: Path) -> None:
        self.made: list[str] = []
        self.broken: set[str] = set()
        self.settings = Settings.model_validate({"paths": {"home": home}})
        self.view = SectionView(
            stage("audio_processing"), ContextRef(project_id="talk-1"), Store(home)
        )
        self.piece = PieceTask(
            stage("audio_processing"), "trial", UserPreferences, self.make,
            settings=("audio.audio_track",),
        )  # fmt: skip

    def make(
        self, payload: dict[str, Any], _store: Store, _settings: Settings, _report: Report
    ) -> UserPreferences:
        language = str(payload["language"])
        if language in self.broken:
            raise MediaError(f"{language} is broken.")
        self.made.append(language)
        return UserPreferences(language=language)

    def run(self) -> list[str | None]:
        told: list[float | None] = []

        @flow(name="trial")
        def trial() -> list[str | None]:
            made = self.piece.map(
                PAYLOADS, self.view, self.settings, lambda share, doing="": told.append(share)
            )
            return [piece.language for piece in made]

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


def test_another_setting_that_pieces_use_makes_them_again(workshop: Workshop) -> None:
    workshop.run()
    workshop.settings = Settings.model_validate(
        {"paths": {"home": workshop.settings.paths.home}, "audio": {"audio_track": "mix"}}
    )
    workshop.run()
    assert len(workshop.made) == 6
