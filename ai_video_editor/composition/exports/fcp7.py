"""Final Cut Pro 7 XML (xmeml 4), which Premiere and Resolve read.

Written by hand: OpenTimelineIO's adapter leaves out speed, the reasons on markers, the picture's
size, and the link between a clip's picture and its sound. Elements and their order are those of
Apple's "Final Cut Pro XML Interchange Format".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ai_video_editor.composition.exports.edit import Clip, Edit, Mark, timecode
from ai_video_editor.timebase import FrameRate

_MOST_CHANNELS = 8
"""Sound tracks written at most: as many channels as 7.1 has."""


@dataclass(frozen=True)
class _Part:
    """A clip on one track.

    Attributes:
        clip: the run.
        number: of the clip in the film, from 1.
        track: number of the track of its kind, from 1.
        position: of the clip on its track, from 1.
        kind: video or audio.
    """

    clip: Clip
    number: int
    track: int
    position: int
    kind: str

    @property
    def name(self) -> str:
        return f"clipitem-{self.kind[0]}{self.track}-{self.number}"


def fcp7_xml(edit: Edit) -> str:
    """The cut as an xmeml document, at a rate of `SMPTE_RATES`."""
    root = Element("xmeml", version="4")
    sequence = SubElement(root, "sequence", id="sequence-1")
    _text(sequence, "name", edit.name)
    _text(sequence, "duration", edit.frames)
    _rate(sequence, edit.rate)
    _timecode(sequence, 0, edit.rate, edit.drop)
    media = SubElement(sequence, "media")
    tracks = _tracks(edit)
    linked: dict[int, list[_Part]] = {}
    for part in (part for track in tracks for part in track):
        linked.setdefault(part.number, []).append(part)
    described: set[int] = set()
    video = SubElement(media, "video")
    _picture(SubElement(video, "format"), edit.rate, edit.width, edit.height)
    audio = SubElement(media, "audio")
    _text(audio, "numOutputChannels", 2)
    _sound(SubElement(audio, "format"))
    for parts in tracks:
        kind = parts[0].kind
        track = SubElement(video if kind == "video" else audio, "track")
        for part in parts:
            _item(track, edit, part, linked[part.number], described)
        if kind == "audio":
            _text(track, "outputchannelindex", 2 - parts[0].track % 2)
    for mark in edit.marks:
        _mark(sequence, mark)
    indent(root)
    text = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE xmeml>\n{text}\n'


def _tracks(edit: Edit) -> list[list[_Part]]:
    """One track of picture, and one of sound for each channel; mono stands on two."""
    numbered = list(enumerate(edit.clips, 1))
    seen = [(n, clip) for n, clip in numbered if edit.media[clip.medium].rate is not None]
    tracks = [[_Part(clip, n, 1, at, "video") for at, (n, clip) in enumerate(seen, 1)]]
    for track in range(1, _MOST_CHANNELS + 1):
        heard = [(n, c) for n, c in numbered if track <= _channels(edit, c)]
        tracks.append([_Part(clip, n, track, at, "audio") for at, (n, clip) in enumerate(heard, 1)])
    return [track for track in tracks if track]


def _channels(edit: Edit, clip: Clip) -> int:
    medium = edit.media[clip.medium]
    return max(2, min(medium.channels, _MOST_CHANNELS)) if medium.sound else 0


def _item(
    track: Element, edit: Edit, part: _Part, linked: Sequence[_Part], described: set[int]
) -> None:
    clip, medium = part.clip, edit.media[part.clip.medium]
    # In this format a clip that is played faster counts its source at the new speed.
    start = round(clip.source / clip.speed)
    item = SubElement(track, "clipitem", id=part.name)
    _text(item, "name", medium.name)
    _text(item, "enabled", "TRUE")
    _text(item, "duration", max(start + clip.frames, round(medium.frames / clip.speed)))
    _rate(item, edit.rate)
    _text(item, "start", clip.film)
    _text(item, "end", clip.film + clip.frames)
    _text(item, "in", start)
    _text(item, "out", start + clip.frames)
    file = SubElement(item, "file", id=f"file-{clip.medium + 1}")
    if clip.medium not in described:
        described.add(clip.medium)
        _file(file, edit, clip.medium)
    if clip.speed != 1:
        _speed(item, float(clip.speed) * 100)
    if part.kind == "audio":
        source = SubElement(item, "sourcetrack")
        _text(source, "mediatype", "audio")
        _text(source, "trackindex", min(part.track, max(1, medium.channels)))
    for other in linked:
        link = SubElement(item, "link")
        _text(link, "linkclipref", other.name)
        _text(link, "mediatype", other.kind)
        _text(link, "trackindex", other.track)
        _text(link, "clipindex", other.position)


def _file(file: Element, edit: Edit, number: int) -> None:
    medium = edit.media[number]
    _text(file, "name", medium.name)
    _text(file, "pathurl", medium.url)
    _rate(file, edit.rate)
    _text(file, "duration", medium.frames)
    _timecode(file, medium.start, edit.rate, medium.drop)
    media = SubElement(file, "media")
    if medium.rate is not None:
        _picture(SubElement(media, "video"), edit.rate, medium.width, medium.height)
    if medium.sound:
        audio = SubElement(media, "audio")
        _sound(audio)
        _text(audio, "channelcount", max(1, medium.channels))


def _picture(parent: Element, rate: FrameRate, width: int, height: int) -> None:
    shape = SubElement(parent, "samplecharacteristics")
    _rate(shape, rate)
    _text(shape, "width", width)
    _text(shape, "height", height)
    _text(shape, "anamorphic", "FALSE")
    _text(shape, "pixelaspectratio", "square")
    _text(shape, "fielddominance", "none")


def _sound(parent: Element) -> None:
    shape = SubElement(parent, "samplecharacteristics")
    _text(shape, "depth", 16)
    _text(shape, "samplerate", 48000)


def _speed(item: Element, percent: float) -> None:
    effect = SubElement(SubElement(item, "filter"), "effect")
    _text(effect, "name", "Time Remap")
    _text(effect, "effectid", "timeremap")
    _text(effect, "effectcategory", "motion")
    _text(effect, "effecttype", "motion")
    _text(effect, "mediatype", "video")
    for name, value in (
        ("variablespeed", "0"), ("speed", f"{percent:g}"), ("reverse", "FALSE"),
        ("frameblending", "FALSE"),
    ):  # fmt: skip
        parameter = SubElement(effect, "parameter")
        _text(parameter, "parameterid", name)
        _text(parameter, "name", name)
        _text(parameter, "value", value)


def _mark(sequence: Element, mark: Mark) -> None:
    marker = SubElement(sequence, "marker")
    _text(marker, "name", mark.title)
    _text(marker, "comment", mark.note or ("Chapter" if mark.chapter else ""))
    _text(marker, "in", mark.frame)
    _text(marker, "out", -1)


def _timecode(parent: Element, frame: int, rate: FrameRate, drop: bool) -> None:
    code = SubElement(parent, "timecode")
    _rate(code, rate)
    _text(code, "string", timecode(frame, rate, drop=drop))
    _text(code, "frame", frame)
    _text(code, "displayformat", "DF" if drop else "NDF")


def _rate(parent: Element, rate: FrameRate) -> None:
    element = SubElement(parent, "rate")
    _text(element, "timebase", round(rate.fraction))
    _text(element, "ntsc", "FALSE" if rate.denominator == 1 else "TRUE")


def _text(parent: Element, name: str, value: str | int) -> None:
    SubElement(parent, name).text = str(value)
