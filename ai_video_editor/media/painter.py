"""From a decoded frame to the picture a viewer sees: scaled, turned, in SDR colours."""

from __future__ import annotations

import av
import numpy as np
from av.video.reformatter import Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

from ai_video_editor.context.inputs import VideoTrack
from ai_video_editor.media.orientation import Orientation
from ai_video_editor.media.tone import sdr

_HD_HEIGHT = 720
"""Untagged pictures from this height on are BT.709, smaller ones BT.601, as players assume."""


class Painter:
    """Paints the frames of one track; the scaler's tables are kept between frames.

    HDR is tone-mapped with the curve of the film's own rendering, so that a still and the film
    look the same: a white page comes out at 226 of 255 levels and what is brighter keeps its steps.

    Args:
        video: the track.
        size: width and height of the pictures, as shown.
        pixel_format: rgb24 or bgr24.
        interpolation: how to scale.
    """

    def __init__(
        self,
        video: VideoTrack,
        size: tuple[int, int],
        pixel_format: str,
        interpolation: Interpolation,
    ) -> None:
        """Choose size before turning and colour space."""
        self._orientation = Orientation(video.rotation, video.mirrored)
        self._size = size[::-1] if self._orientation.sideways else size
        self._format = pixel_format
        self._interpolation = interpolation
        self._space = _source_space(video)
        self._hdr = video.hdr
        self._hlg = "b67" in video.color_transfer.lower()
        self._scaler = VideoReformatter()

    def paint(self, frame: av.VideoFrame) -> NDArray[np.uint8]:
        """The picture, shape (height, width, 3)."""
        width, height = self._size
        scaled = self._scaler.reformat(
            frame,
            width,
            height,
            "rgb48le" if self._hdr else self._format,
            src_colorspace=self._space,
            interpolation=self._interpolation,
        ).to_ndarray()
        if self._hdr:
            scaled = sdr(np.asarray(scaled, dtype=np.uint16), hlg=self._hlg)
            if self._format == "bgr24":
                scaled = np.ascontiguousarray(scaled[:, :, ::-1])
        return self._orientation.apply(scaled.astype(np.uint8, copy=False))


def _source_space(video: VideoTrack) -> Colorspace | None:
    if video.hdr or video.color_space.startswith("bt2020"):
        return Colorspace.bt2020
    if video.color_space == "unknown" and video.coded_height >= _HD_HEIGHT:
        return Colorspace.ITU709
    return None
