"""Thumbnails as JPEG files that every platform takes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ai_video_editor.errors import MediaError

LARGEST = 2_000_000
"""Bytes; YouTube takes 2 MB."""


def jpeg(picture: NDArray[np.uint8]) -> bytes:
    """An RGB picture as JPEG of at most 2 MB, with full colour resolution for sharp letters.

    Raises:
        MediaError: it cannot be encoded so small.
    """
    import cv2

    for quality in (93, 88, 80, 70, 55):
        options = [cv2.IMWRITE_JPEG_QUALITY, quality,
                   cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
                   cv2.IMWRITE_JPEG_OPTIMIZE, 1]  # fmt: skip
        written, data = cv2.imencode(".jpg", np.ascontiguousarray(picture[:, :, ::-1]), options)
        if written and data.size <= LARGEST:
            return bytes(data.tobytes())
    raise MediaError("A thumbnail could not be stored in 2 MB; report this with the video.")
