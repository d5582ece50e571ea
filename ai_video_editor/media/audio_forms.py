"""Sound that changes its sample rate or its channels in the middle: which forms it takes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import av.error

from ai_video_editor.context.inputs import AudioTrack, VideoFile
from ai_video_editor.media.container import opened

_CHANGED = re.compile(r"audio parameters changed to (\d+ Hz, [^,]{1,40}), ")
"""What ffmpeg remarks when it builds its filters anew for another form of sound."""

_FIRST_PACKETS = 50


def forms_of(
    remarks: Sequence[str], file: VideoFile, path: Path, tracks: Sequence[AudioTrack]
) -> list[str]:
    """The forms that sound has one after the other, by what ffmpeg remarked while it decoded.

    Args:
        remarks: lines of ffmpeg's log.
        file: what `probe` found.
        path: where it lies.
        tracks: sound tracks that were decoded.

    Returns:
        Such as ["48000 Hz, stereo", "44100 Hz, mono"]; none where the form stays.

    Raises:
        FileSystemError: the file cannot be opened any more.
    """
    changed = [found[1] for line in remarks if (found := _CHANGED.search(line))]
    if not changed:
        return []
    # ffmpeg remarks as well that the header told something else than the first sound decoded.
    forms = _first(file, path, tracks) if len(tracks) == 1 else []
    for form in changed:
        if not forms or forms[-1] != form:
            forms.append(form)
    return forms if len(forms) > 1 else []


def _first(file: VideoFile, path: Path, tracks: Sequence[AudioTrack]) -> list[str]:
    with opened(path, file.container) as source:
        stream = next((s for s in source.streams.audio if s.index == tracks[0].stream_index), None)
        if stream is None:
            return []
        for number, packet in enumerate(source.demux(stream)):
            with suppress(av.error.InvalidDataError):
                for frame in packet.decode():
                    return [f"{frame.sample_rate} Hz, {frame.layout.name}"]
            if number >= _FIRST_PACKETS:
                break
    return []
