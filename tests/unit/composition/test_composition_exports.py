from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import opentimelineio as otio
import pytest

from ai_video_editor.composition.exports import export_all
from ai_video_editor.composition.exports.edit import nearest_smpte
from ai_video_editor.context.inputs import AudioTrack, VideoFile, VideoMetadata, VideoTrack
from ai_video_editor.context.outputs import FilmChapter
from ai_video_editor.context.plan import AIDirectorPlan, EditingDecision, Kept, PlanInput
from ai_video_editor.timebase import FrameRate, exact, film_time, source_time

NAME = 'a "b" <c> & \x07d.mp4'


def material(
    rate: str, kept: list[tuple[float, float, float]]
) -> tuple[AIDirectorPlan, list[tuple[VideoFile, Path]], VideoMetadata]:
    video = VideoTrack(
        stream_index=0, codec="h264", width=1280, height=720, coded_width=1280, coded_height=720,
        frame_rate=rate, start=Fraction(0), duration=Fraction(4000), frames=0,
        pixel_format="yuv420p",
    )  # fmt: skip
    audio = AudioTrack(
        stream_index=1, codec="aac", sample_rate=48000, channels=2, layout="stereo",
        start=Fraction(0), duration=Fraction(4000),
    )  # fmt: skip
    file = VideoFile(
        sha256="0" * 64, name=NAME, size=1, container="mov", duration=Fraction(4000),
        start_offset=Fraction(0), video=video, audio=(audio,),
    )  # fmt: skip
    metadata = VideoMetadata(
        duration=Fraction(4000), file_size=1, format="mov", width=1280, height=720,
        frame_rate=rate, has_audio=True, has_video=True, name="My <talk>",
    )  # fmt: skip
    decision = EditingDecision(
        start=source_time(3), end=source_time(4), decision_id="cut-001", decision_type="cut",
        parameters={"kind": "pause"}, rationale="Silence & nothing <else>", confidence=0.9,
        decided_by="rules",
    )  # fmt: skip
    source = PlanInput(path="a.mp4", sha256="0" * 64, duration=Fraction(4000), frame_rate=rate)
    plan = AIDirectorPlan(
        director="rules", film_frame_rate=rate, inputs=(source,), decisions=(decision,),
        kept=tuple(
            Kept(input=0, start=source_time(exact(a)), end=source_time(exact(b)), speed=s)
            for a, b, s in kept
        ),
    )  # fmt: skip
    return plan, [(file, Path("/films") / "a b#c.mp4")], metadata


CUT = [(1.0, 3.0, 1.0), (4.0, 8.0, 1.0), (10.0, 14.0, 2.0)]
CHAPTERS = [
    FilmChapter(start=film_time(0), title="A & <b>"),
    FilmChapter(start=film_time(3), title="Two"),
]


@pytest.mark.parametrize("rate", ["24000/1001", "25/1", "30000/1001", "30/1", "15/1", "193/10"])
def test_every_program_reads_the_same_length_back(rate: str) -> None:
    plan, files, metadata = material(rate, CUT)
    exports = export_all(plan, files, metadata, CHAPTERS)
    known = float(nearest_smpte(plan.rate).fraction)
    wanted = float(plan.time_map().duration)
    for name, adapter in (
        ("timeline.otio", "otio_json"),
        ("timeline.xml", "fcp_xml"),
        ("timeline.edl", "cmx_3600"),
    ):
        options = {"rate": known} if adapter == "cmx_3600" else {}
        timeline = otio.adapters.read_from_string(exports[name], adapter, **options)
        assert timeline.duration().to_seconds() == pytest.approx(wanted, abs=2 / known)
        assert len(timeline.video_tracks()[0].find_clips()) == 3
    xml = ElementTree.fromstring(str(exports["timeline.fcpxml"]))
    sequence = xml.find(".//sequence")
    assert sequence is not None
    length = Fraction(sequence.attrib["duration"].removesuffix("s"))
    assert float(length) == pytest.approx(wanted, abs=2 / known)


def test_fcpxml_clips_follow_each_other_on_frames() -> None:
    plan, files, metadata = material("30000/1001", CUT)
    xml = ElementTree.fromstring(
        str(export_all(plan, files, metadata, CHAPTERS)["timeline.fcpxml"])
    )
    position = Fraction(0)
    for clip in xml.iter("asset-clip"):
        offset, length = (
            Fraction(clip.attrib[key].removesuffix("s")) for key in ("offset", "duration")
        )
        assert offset == position
        assert (offset * 30000 / 1001).denominator == 1
        position += length
    assert [mark.attrib["value"] for mark in xml.iter("chapter-marker")] == ["A & <b>", "Two"]
    notes = [mark.attrib["note"] for mark in xml.iter("marker")]
    assert notes == ["Silence & nothing <else> (cut-001, rules)"]
    asset = xml.find(".//asset")
    assert asset is not None and asset.attrib["src"] == "file:///films/a%20b%23c.mp4"


def test_an_edl_is_divided_after_999_events() -> None:
    plan, files, metadata = material("25/1", [(n * 2.0, n * 2.0 + 1, 1.0) for n in range(1200)])
    exports = export_all(plan, files, metadata, [])
    first, second = str(exports["timeline.edl"]), str(exports["timeline-2.edl"])
    assert len(re.findall(r"^\d{3}  ", first, re.MULTILINE)) == 999
    assert re.findall(r"^\d{3}  .*", second, re.MULTILINE)[0].split()[6] == "00:16:39:00"
    assert any("999" in note for note in exports.notes)


def test_an_unknown_rate_is_said() -> None:
    plan, files, metadata = material("193/10", CUT)
    assert "19.300" in export_all(plan, files, metadata, []).notes[0]
    assert nearest_smpte(FrameRate(15)) == FrameRate(30)
    assert nearest_smpte(FrameRate(10)) == FrameRate(30)


def test_a_format_that_fails_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> str:
        raise ValueError("no adapter")

    monkeypatch.setattr("ai_video_editor.composition.exports.fcp7_xml", broken)
    plan, files, metadata = material("25/1", CUT)
    exports = export_all(plan, files, metadata, [])
    assert set(exports) == {"timeline.otio", "timeline.fcpxml", "timeline.edl"}
    assert exports.notes == ["timeline.xml could not be written: ValueError: no adapter"]
