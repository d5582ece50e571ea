from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import opentimelineio as otio
import pytest

from ai_video_editor.composition.exports import export_all
from ai_video_editor.composition.exports.edit import nearest_smpte, timecode
from ai_video_editor.context.inputs import AudioTrack, VideoFile, VideoMetadata, VideoTrack
from ai_video_editor.context.outputs import FilmChapter
from ai_video_editor.context.plan import AIDirectorPlan, EditingDecision, Kept, PlanInput
from ai_video_editor.media.timecode import Timecode, read_timecode
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


NTSC = "30000/1001"
READERS = {"timeline.otio": "otio_json", "timeline.xml": "fcp_xml", "timeline.edl": "cmx_3600"}


def read_back(text: bytes | str, name: str, rate: float) -> otio.schema.Timeline:
    adapter = READERS[name]
    options = {"rate": rate} if adapter == "cmx_3600" else {}
    timeline = otio.adapters.read_from_string(text, adapter, **options)
    assert isinstance(timeline, otio.schema.Timeline)
    return timeline


def starts(timeline: otio.schema.Timeline) -> list[tuple[float, float]]:
    """Source time and length of every clip of the picture, seconds."""
    return [
        (clip.source_range.start_time.to_seconds(), clip.source_range.duration.to_seconds())
        for clip in timeline.video_tracks()[0].find_clips()
    ]


def test_chapters_and_reasons_are_found_again_in_every_format() -> None:
    plan, files, metadata = material("25/1", CUT)
    exports = export_all(plan, files, metadata, CHAPTERS)
    for name in ("timeline.otio", "timeline.xml"):
        marks = read_back(exports[name], name, 25).tracks.markers
        assert [(m.name, m.marked_range.start_time.value) for m in marks] == [
            ("A & <b>", 0), ("cut pause", 50), ("Two", 75),
        ]  # fmt: skip
    comments = [
        mark.findtext("comment")
        for mark in ElementTree.fromstring(str(exports["timeline.xml"])).iter("marker")
    ]
    assert comments == ["Chapter", "Silence & nothing <else> (cut-001, rules)", "Chapter"]
    clips = read_back(exports["timeline.edl"], "timeline.edl", 25).video_tracks()[0].find_clips()
    names = [mark.name for clip in clips for mark in clip.markers]
    assert names == ["A & <b>", "cut pause: Silence & nothing <else> (cut-001, rules)", "Two"]


def test_a_speed_change_is_in_every_format() -> None:
    plan, files, metadata = material("25/1", CUT)
    exports = export_all(plan, files, metadata, CHAPTERS)
    for name in ("timeline.otio", "timeline.edl"):
        last = list(read_back(exports[name], name, 25).video_tracks()[0].find_clips())[-1]
        assert [effect.time_scalar for effect in last.effects] == [2.0]
    xml = ElementTree.fromstring(str(exports["timeline.xml"]))
    item = xml.findall(".//video/track/clipitem")[-1]
    speeds = [p.findtext("value") for p in item.iter("parameter") if p[0].text == "speed"]
    assert speeds == ["200"]
    # Source second 10 of a clip at double speed is at second 5 of its own clock.
    assert (item.findtext("in"), item.findtext("out")) == ("125", "175")
    points = list(ElementTree.fromstring(str(exports["timeline.fcpxml"])).iter("timept"))
    assert [(p.attrib["time"], p.attrib["value"]) for p in points] == [
        ("0s", "0s"), ("2000s", "4000s"),
    ]  # fmt: skip


@pytest.mark.parametrize("rate", ["24/1", "25/1", "30/1"])
def test_the_fcpxml_reads_back_with_opentimelineio_where_it_knows_the_rate(rate: str) -> None:
    plan, files, metadata = material(rate, [(1.0, 3.0, 1.0), (4.0, 8.0, 1.0)])
    text = export_all(plan, files, metadata, CHAPTERS)["timeline.fcpxml"]
    timeline = otio.adapters.read_from_string(text, "fcpx_xml")[0]
    assert starts(timeline) == [(1.0, 2.0), (4.0, 4.0)]
    assert timeline.video_tracks()[0].find_clips()[0].media_reference.target_url == (
        "file:///films/a%20b%23c.mp4"
    )


def several() -> tuple[AIDirectorPlan, list[tuple[VideoFile, Path]], VideoMetadata]:
    """A film of a recording, a sound file, and another recording in mono."""
    plan, [(file, _)], metadata = material("25/1", CUT)
    sound = file.model_copy(update={"video": None, "name": "voice \u00fc.wav", "container": "wav"})
    mono = file.model_copy(
        update={"audio": (file.audio[0].model_copy(update={"channels": 1}),), "name": "b.mp4"}
    )
    files = [
        (file, Path("/films/a 'b'.mp4")), (sound, Path("/films/voice \u00fc.wav")),
        (mono, Path("/other/b.mp4")),
    ]  # fmt: skip
    kept = tuple(
        Kept(input=n, start=source_time(a), end=source_time(b))
        for n, a, b in ((0, 1, 3), (1, 0, 2), (2, 5, 6), (0, 8, 9))
    )
    inputs = tuple(
        plan.inputs[0].model_copy(update={"path": str(path)}) for _, path in files
    )  # fmt: skip
    return plan.model_copy(update={"kept": kept, "inputs": inputs}), files, metadata


def test_several_inputs_with_odd_names_and_one_without_picture() -> None:
    exports = export_all(*several(), [])
    urls = ["file:///films/a%20%27b%27.mp4", "file:///films/voice%20%C3%BC.wav",
            "file:///other/b.mp4"]  # fmt: skip
    xml = ElementTree.fromstring(str(exports["timeline.xml"]))
    assert [file.text for file in xml.iter("pathurl")] == [urls[0], urls[2], urls[1]]
    picture = xml.findall(".//video/track/clipitem")
    assert [item.findtext("start") for item in picture] == ["0", "100", "125"]
    tracks = xml.findall(".//audio/track")
    assert [len(track.findall("clipitem")) for track in tracks] == [4, 4]
    mono = [track.findall("clipitem")[2].findtext("sourcetrack/trackindex") for track in tracks]
    assert mono == ["1", "1"]
    final = ElementTree.fromstring(str(exports["timeline.fcpxml"]))
    assert [asset.attrib["src"] for asset in final.iter("asset")] == urls
    assert [asset.get("hasVideo") for asset in final.iter("asset")] == ["1", None, "1"]
    timeline = read_back(exports["timeline.otio"], "timeline.otio", 25)
    kinds = [type(item).__name__ for item in timeline.video_tracks()[0]]
    assert kinds == ["Clip", "Gap", "Clip", "Clip"]
    assert len(timeline.audio_tracks()[0].find_clips()) == 4
    lines = re.findall(r"^\d{3}  AX       (\S+)", str(exports["timeline.edl"]), re.MULTILINE)
    assert lines == ["AA/V", "AA", "AA/V", "AA/V"]
    assert "* FROM CLIP NAME: voice \u00fc.wav" in str(exports["timeline.edl"])


def test_every_name_in_the_xml_leads_to_something() -> None:
    exports = export_all(*several(), CHAPTERS)
    xml = ElementTree.fromstring(str(exports["timeline.xml"]))
    items = [item.attrib["id"] for item in xml.iter("clipitem")]
    assert len(set(items)) == len(items)
    assert {link.text for link in xml.iter("linkclipref")} == set(items)
    described = [file.attrib["id"] for file in xml.iter("file") if len(file)]
    assert sorted(described) == sorted({file.attrib["id"] for file in xml.iter("file")})
    for item in xml.iter("clipitem"):
        start, end, first, last, length = (
            int(item.findtext(name) or -1) for name in ("start", "end", "in", "out", "duration")
        )
        assert end - start == last - first > 0
        assert last <= length
    final = ElementTree.fromstring(str(exports["timeline.fcpxml"]))
    names = {one.attrib["id"] for one in final.find("resources") or ()}
    used = {one.attrib["ref"] for one in final.iter("asset-clip")}
    used |= {one.attrib["format"] for one in final.iter() if "format" in one.attrib}
    assert used <= names


def labelled(text: str) -> Timecode:
    code = read_timecode(text, Fraction(30000, 1001))
    assert code is not None
    return code


def test_source_times_count_from_the_cameras_time_code() -> None:
    plan, files, metadata = material(NTSC, [(1.001, 3.003, 1.0)])
    exports = export_all(plan, files, metadata, [], [labelled("01:00:00:00")])
    known = 30000 / 1001
    edl = str(exports["timeline.edl"])
    assert "FCM: NON-DROP FRAME" in edl
    assert "01:00:01:00 01:00:03:00 00:00:00:00 00:00:02:00" in edl
    xml = ElementTree.fromstring(str(exports["timeline.xml"]))
    assert xml.findtext(".//file/timecode/string") == "01:00:00:00"
    assert xml.findtext(".//clipitem/in") == "30", "counted from the beginning of the file"
    clip = next(iter(read_back(exports["timeline.otio"], "timeline.otio", known).find_clips()))
    assert clip.available_range().start_time.value == 108000
    assert clip.source_range.start_time.value == 108030
    final = ElementTree.fromstring(str(exports["timeline.fcpxml"]))
    asset, used = final.find(".//asset"), final.find(".//asset-clip")
    assert asset is not None and used is not None
    assert Fraction(asset.attrib["start"][:-1]) == Fraction(108000 * 1001, 30000)
    assert Fraction(used.attrib["start"][:-1]) == Fraction(108030 * 1001, 30000)


def test_drop_frame_code_is_kept_as_drop_frame_code() -> None:
    plan, files, metadata = material(NTSC, [(1.001, 3.003, 1.0)])
    exports = export_all(plan, files, metadata, [], [labelled("00:59:59;28")])
    edl = str(exports["timeline.edl"])
    assert "FCM: DROP FRAME" in edl
    assert "01:00:00;28 01:00:02;28 00:00:00;00 00:00:02;00" in edl
    again = read_back(edl, "timeline.edl", 30000 / 1001)
    assert again.duration().value == 60
    xml = ElementTree.fromstring(str(exports["timeline.xml"]))
    assert {code.text for code in xml.iter("displayformat")} == {"DF"}
    final = ElementTree.fromstring(str(exports["timeline.fcpxml"]))
    assert {one.attrib["tcFormat"] for one in final.iter() if "tcFormat" in one.attrib} == {"DF"}


@pytest.mark.parametrize("rate", [FrameRate(30000, 1001), FrameRate(60000, 1001)])
def test_drop_frame_labels_are_opentimelineios(rate: FrameRate) -> None:
    for frame in (0, 1799, 1800, 1801, 3599, 3600, 17981, 17982, 35964, 107892, 431567):
        known = otio.opentime.to_timecode(
            otio.opentime.RationalTime(frame, float(rate.fraction)),
            float(rate.fraction), drop_frame=True,
        )  # fmt: skip
        assert timecode(frame, rate, drop=True) == known
        code = read_timecode(known, rate.fraction)
        assert code is not None and code.seconds * rate.fraction == frame


@pytest.mark.parametrize("text", ["", "no time", "01:00:00:30", "25:00:00:00", "01:61:00:00"])
def test_what_is_no_time_code_is_none(text: str) -> None:
    assert read_timecode(text, Fraction(30)) is None


def test_the_files_of_a_long_edl_are_named_and_hold_the_whole_film() -> None:
    plan, files, metadata = material("25/1", [(n * 2.0, n * 2.0 + 1, 1.0) for n in range(2000)])
    exports = export_all(plan, files, metadata, CHAPTERS)
    parts = [name for name in exports if name.endswith(".edl")]
    assert parts == ["timeline.edl", "timeline-2.edl", "timeline-3.edl"]
    assert any("timeline.edl, timeline-2.edl and timeline-3.edl" in n for n in exports.notes)
    clips = [
        clip
        for name in parts
        for clip in read_back(exports[name], "timeline.edl", 25).video_tracks()[0].find_clips()
    ]
    assert [clip.source_range.start_time.to_seconds() for clip in clips] == [
        n * 2.0 for n in range(2000)
    ]


def test_a_variable_frame_rate_is_said() -> None:
    plan, [(file, path)], metadata = material("25/1", CUT)
    assert file.video is not None
    varies = file.video.model_copy(update={"variable_frame_rate": True})
    files = [(file.model_copy(update={"video": varies}), path)]
    assert any("frame rate varies" in note for note in export_all(plan, files, metadata, []).notes)
