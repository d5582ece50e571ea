"""FCPXML 1.8, written by hand: the adapter refuses 29.97 and every unusual rate."""

from __future__ import annotations

from fractions import Fraction
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ai_video_editor.composition.exports.edit import SMPTE_RATES, Clip, Edit, Mark
from ai_video_editor.timebase import FrameRate

VERSION = "1.8"


def fcpxml(edit: Edit) -> str:
    """The cut as an FCPXML document."""
    root = Element("fcpxml", version=VERSION)
    resources = SubElement(root, "resources")
    _format(resources, "r1", edit.rate, edit.width, edit.height)
    for index, medium in enumerate(edit.media):
        attributes = {
            "id": f"a{index + 1}",
            "name": medium.name,
            "src": medium.url,
            "start": _time(medium.start, edit.rate),
            "duration": _time(medium.frames, edit.rate),
        }
        if medium.rate is not None:
            _format(resources, f"f{index + 1}", medium.rate, medium.width, medium.height)
            attributes |= {"hasVideo": "1", "format": f"f{index + 1}"}
        if medium.sound:
            attributes |= {
                "hasAudio": "1",
                "audioSources": "1",
                "audioChannels": str(max(1, medium.channels)),
            }
        SubElement(resources, "asset", attributes)
    event = SubElement(SubElement(root, "library"), "event", name=edit.name)
    sequence = SubElement(
        SubElement(event, "project", name=edit.name),
        "sequence",
        format="r1",
        duration=_time(edit.frames, edit.rate),
        tcStart="0s",
        tcFormat="DF" if edit.drop else "NDF",
        audioLayout="stereo",
        audioRate="48k",
    )
    spine = SubElement(sequence, "spine")
    for clip in edit.clips:
        _clip(spine, edit, clip)
    indent(root)
    text = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n{text}\n'


def _format(resources: Element, name: str, rate: FrameRate, width: int, height: int) -> None:
    attributes = {"id": name, "width": str(width), "height": str(height)}
    if rate in SMPTE_RATES:
        attributes["frameDuration"] = f"{rate.denominator}/{rate.numerator}s"
    else:
        attributes["name"] = "FFVideoFormatRateUndefined"
    SubElement(resources, "format", attributes)


def _clip(spine: Element, edit: Edit, clip: Clip) -> None:
    rate = edit.rate
    medium = edit.media[clip.medium]
    # A clip that is played faster has its own clock: its start counts at the new speed.
    start = medium.start + round(clip.source / clip.speed)
    element = SubElement(
        spine,
        "asset-clip",
        ref=f"a{clip.medium + 1}",
        name=medium.name,
        offset=_time(clip.film, rate),
        start=_time(start, rate),
        duration=_time(clip.frames, rate),
        tcFormat="DF" if medium.drop else "NDF",
    )
    if clip.speed != 1:
        begin, length = medium.start, medium.frames
        mapping = SubElement(element, "timeMap")
        for shown, played in ((0, 0), (round(length / clip.speed), length)):
            SubElement(
                mapping, "timept", time=_time(begin + shown, rate),
                value=_time(begin + played, rate), interp="linear",
            )  # fmt: skip
    for mark in edit.marks_in(clip):
        _mark(element, mark, start + mark.frame - clip.film, rate)


def _mark(clip: Element, mark: Mark, frame: int, rate: FrameRate) -> None:
    attributes = {
        "start": _time(frame, rate),
        "duration": _time(1, rate),
        "value": mark.title,
    }
    if mark.chapter:
        SubElement(clip, "chapter-marker", attributes, posterOffset="0s")
    else:
        SubElement(clip, "marker", attributes, note=mark.note)


def _time(frames: int, rate: FrameRate) -> str:
    seconds = Fraction(frames) * rate.frame_duration
    if seconds.denominator == 1:
        return f"{seconds.numerator}s"
    # Written in frame ticks, as Final Cut writes it, and not in lowest terms.
    return f"{frames * rate.denominator}/{rate.numerator}s"
