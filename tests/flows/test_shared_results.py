"""Two machines with work folders of their own and one store on S3-compatible storage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prefect import flow

from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.inputs import UserPreferences
from ai_video_editor.progress import Report
from ai_video_editor.section_view import SectionView
from ai_video_editor.settings import Settings
from ai_video_editor.stages import Stage, WorkflowStage, stage
from ai_video_editor.store import ContextRef, Store
from tasks.outcome import finished_stages
from tasks.pieces import PieceTask
from tasks.stage import Processor, Run, StageTask

pytest.importorskip("s3fs")

pytestmark = [pytest.mark.usefixtures("prefect_server"), pytest.mark.xdist_group("prefect")]

HEARING = Stage(
    WorkflowStage.AUDIO_PROCESSING, after=(), reads=(), fills=("audio_analysis",),
    processors=("pieces",),
)  # fmt: skip


@pytest.fixture(scope="module")
def s3() -> Iterator[Any]:
    """An S3-compatible server with an empty bucket."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        client = boto3.client("s3")
        client.create_bucket(Bucket="films")
        yield client
    server.stop()


class Machine:
    """A work folder, and a count of what was really made in it."""

    def __init__(self, home: Path) -> None:
        self.made: list[str] = []
        self.settings = Settings.model_validate(
            {"paths": {"home": home, "shared_store": "s3://films/work"}}
        )
        self.piece = PieceTask(stage("audio_processing"), "trial", UserPreferences, self.make)

    def make(
        self, payload: dict[str, Any], _store: Store, _settings: Settings, _report: Report
    ) -> UserPreferences:
        self.made.append(str(payload["language"]))
        return UserPreferences(language=str(payload["language"]))

    def hear(self, view: SectionView, settings: Settings) -> None:
        pieces = self.piece.map([{"language": "en"}, {"language": "de"}], view, settings)
        self.made.append("stage")
        first = pieces[0].language
        view.fill("audio_analysis", AudioAnalysis(engine="pieces", language=first, quality=0.9))

    def run(self) -> AudioAnalysis:
        task = StageTask(HEARING, (Processor("pieces", self.hear),))

        @flow(name="trial")
        def trial() -> AudioAnalysis:
            run = Run(ContextRef(project_id="talk-1"), self.settings, "talk.mp4")
            ended = next(iter(finished_stages([task.submit(run)])))
            assert ended.result is not None
            key = ended.result["sections"]["audio_analysis"]
            heard: AudioAnalysis = Store.of(self.settings).get_section("audio_analysis", key)
            return heard

        return trial()


def test_the_second_machine_makes_nothing_anew(s3: Any, tmp_path: Path) -> None:
    first, second = Machine(tmp_path / "a"), Machine(tmp_path / "b")
    assert first.run().language == "en"
    assert sorted(first.made) == ["de", "en", "stage"]
    assert second.run().language == "en"
    assert second.made == []
    # without the stage's own record its pieces are still there
    for found in s3.list_objects_v2(Bucket="films", Prefix="work/records/")["Contents"]:
        if "pieces-" in found["Key"]:
            s3.delete_object(Bucket="films", Key=found["Key"])
    third = Machine(tmp_path / "c")
    third.run()
    assert third.made == ["stage"]


def test_what_was_tampered_with_is_made_anew(s3: Any, tmp_path: Path) -> None:
    first = Machine(tmp_path / "a")
    first.run()
    for found in s3.list_objects_v2(Bucket="films", Prefix="work/")["Contents"]:
        if "/records/" not in found["Key"]:
            s3.put_object(Bucket="films", Key=found["Key"], Body=b"x" * found["Size"])
    second = Machine(tmp_path / "b")
    assert second.run().language == "en"
    assert sorted(second.made) == ["de", "en", "stage"]
    third = Machine(tmp_path / "c")
    assert third.run().language == "en"
    assert third.made == [], "the damaged objects were replaced"
