"""Finding faces in one picture: OpenCV's bundled cascades, or a YuNet model where there is one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ai_video_editor.context.base import Box
from ai_video_editor.errors import UnavailableError
from ai_video_editor.video.picture import Picture, Pixels

SEARCH_HEIGHT = 270
"""Rows of the picture that is searched; a face of 8 % of it is still 21 pixels, the cascade's
smallest."""
SMALLEST = 0.08
"""Smallest face, as a share of the shorter side; smaller ones are passers-by."""
FACE_SIZE = 144
"""Pixels a face is scaled to before eyes and mouth are looked for."""


@dataclass(frozen=True)
class Found:
    """A face in one picture.

    Attributes:
        box: where, as shares of the picture.
        confidence: 0 to 1, of this sighting alone.
        frontal: whether it looks towards the camera.
        sharpness: variance of the Laplacian inside the box.
        eyes_open: 0 to 1, None where it cannot be told.
        smile: 0 to 1, None where it cannot be told.
    """

    box: Box
    confidence: float
    frontal: bool
    sharpness: float = 0.0
    eyes_open: float | None = None
    smile: float | None = None


class FaceDetector(Protocol):
    """Finds faces in one picture."""

    def search(self, picture: Picture) -> list[Found]:
        """All faces of the picture."""

    def near(self, picture: Picture, box: Box) -> Found | None:
        """The face near a place where one was just seen."""


def face_detector(model: Path | None) -> FaceDetector:
    """YuNet where a model is given, else the cascades.

    Raises:
        UnavailableError: the model cannot be loaded.
    """
    return YuNetFaces(model) if model is not None else CascadeFaces()


def _cascade(name: str) -> Any:
    import cv2
    from cv2 import data

    return cv2.CascadeClassifier(str(Path(data.haarcascades) / name))


class FacialFeatures:
    """Eyes and mouth of a face, as far as the bundled cascades can tell."""

    def __init__(self) -> None:
        """Load the cascades."""
        self._eyes = _cascade("haarcascade_eye_tree_eyeglasses.xml")
        self._smile = _cascade("haarcascade_smile.xml")

    def of(self, picture: Picture, found: Found) -> Found:
        """The same face with sharpness, eyes and smile."""
        import cv2

        patch = _cut(picture.grey, found.box)
        if min(patch.shape) < 8:
            return found
        sharpness = float(cv2.Laplacian(patch, cv2.CV_32F).var())
        if not found.frontal or min(patch.shape) < 36:
            # Smaller than that even people cannot tell an open eye.
            return replace(found, sharpness=sharpness)
        scaled = cv2.resize(patch, (FACE_SIZE, FACE_SIZE))
        face = np.asarray(cv2.equalizeHist(scaled), dtype=np.uint8)
        upper = face[int(0.15 * FACE_SIZE) : int(0.60 * FACE_SIZE)]
        eyes = self._eyes.detectMultiScale(upper, 1.1, 3, 0, (18, 18), (54, 54))
        sides = {bool(x + w / 2 > FACE_SIZE / 2) for x, _, w, _ in eyes}
        # Not finding an eye may be glasses or shadow: it says less than finding one, and nothing
        # at all where the face is small.
        unseen = 0.3 if min(patch.shape) >= 80 else None
        eyes_open = (unseen, 0.6, 0.9)[len(sides)]
        return replace(found, sharpness=sharpness, eyes_open=eyes_open, smile=self._mouth(face))

    def _mouth(self, face: Pixels) -> float:
        lower = face[int(0.58 * FACE_SIZE) :]
        smallest = (int(0.28 * FACE_SIZE), int(0.12 * FACE_SIZE))
        _, _, weights = self._smile.detectMultiScale3(
            lower, 1.1, 12, 0, smallest, outputRejectLevels=True
        )
        strongest = float(np.max(weights)) if len(weights) else 0.0
        # The cascade sees smiles in many mouths: even its strongest answer is only likely.
        return round(min(0.8, max(0.0, strongest) * 0.2), 3)


class CascadeFaces:
    """OpenCV's Haar cascades: frontal first, profile (both ways) where nobody looks ahead."""

    def __init__(self) -> None:
        """Load the cascades."""
        self._frontal = _cascade("haarcascade_frontalface_alt2.xml")
        self._tilted = _cascade("haarcascade_frontalface_default.xml")
        self._profile = _cascade("haarcascade_profileface.xml")
        self._features = FacialFeatures()
        self._searches = 0

    def search(self, picture: Picture) -> list[Found]:
        """All faces; the slow profile search runs every other time, if nobody looks ahead."""
        grey = _shrunk(picture.grey)
        size = max(20, int(SMALLEST * min(grey.shape)))
        founds = self._run(self._frontal, grey, size, neighbours=3)
        self._searches += 1
        if not founds and self._searches % 2:
            founds = self._profiles(grey, size)
        return [self._features.of(picture, found) for found in founds]

    def near(self, picture: Picture, box: Box) -> Found | None:
        """The face in the neighbourhood of a box, of about its size, looking ahead or aside."""
        grey = _shrunk(picture.grey)
        rows, columns = grey.shape
        around = Box(
            x=box.x - 0.4 * box.width,
            y=box.y - 0.4 * box.height,
            width=1.8 * box.width,
            height=1.8 * box.height,
        )
        left, top = max(0, int(around.x * columns)), max(0, int(around.y * rows))
        patch = _cut(grey, around)
        if min(patch.shape) < 24:
            return None
        size = max(20, int(0.7 * box.height * rows))
        place = (left, top, columns, rows)
        founds = (
            self._run(self._frontal, patch, size, neighbours=2, place=place)
            or self._run(self._tilted, patch, size, neighbours=4, place=place, trust=0.75)
            or self._profiles(patch, size, place=place)
        )
        if not founds:
            return None
        best = max(founds, key=lambda f: f.confidence)
        return self._features.of(picture, best)

    def _profiles(
        self, grey: Pixels, size: int, *, place: tuple[int, int, int, int] | None = None
    ) -> list[Found]:
        aside = self._run(self._profile, grey, size, neighbours=4, place=place, frontal=False)
        mirrored = np.ascontiguousarray(grey[:, ::-1])
        columns = grey.shape[1]
        for found in self._run(self._profile, mirrored, size, neighbours=4, frontal=False):
            x = (1.0 - found.box.x - found.box.width) * columns
            box = _shares(
                (x, found.box.y * grey.shape[0], found.box.width * columns,
                 found.box.height * grey.shape[0]),
                place or (0, 0, columns, grey.shape[0]),
            )  # fmt: skip
            aside.append(replace(found, box=box))
        return [found for found in aside if found.confidence >= 0.45]

    def _run(
        self,
        cascade: Any,
        grey: Pixels,
        size: int,
        *,
        neighbours: int,
        place: tuple[int, int, int, int] | None = None,
        frontal: bool = True,
        trust: float = 1.0,
    ) -> list[Found]:
        boxes, _, weights = cascade.detectMultiScale3(
            grey, 1.12, neighbours, 0, (size, size), outputRejectLevels=True
        )
        whole = place or (0, 0, grey.shape[1], grey.shape[0])
        return [
            Found(_shares(box, whole), trust * _certainty(float(weight), cascade, self), frontal)
            for box, weight in zip(boxes, np.ravel(weights), strict=True)
        ]

    def certainty(self, weight: float, cascade: Any) -> float:
        """Stage weight of a cascade as a confidence, 0 to 1 (set by eye on a few films)."""
        if cascade is self._frontal:  # 54.5 leaves and curtains, 56 most faces, 57.5 clear ones
            return min(1.0, max(0.1, (weight - 53.8) / 3.4))
        return min(0.9, max(0.05, weight / 5.0))


def _certainty(weight: float, cascade: Any, faces: CascadeFaces) -> float:
    return faces.certainty(weight, cascade)


class YuNetFaces:
    """OpenCV's YuNet network.

    Args:
        model: its ONNX file.

    Raises:
        UnavailableError: the file is missing or is no YuNet model.
    """

    def __init__(self, model: Path) -> None:
        """Load the network."""
        import cv2

        if not model.is_file():
            raise UnavailableError(f"The face model {model} is not there; leave out --face-model.")
        try:
            self._network: Any = cv2.FaceDetectorYN.create(str(model), "", (320, 320), 0.6, 0.3, 50)
        except cv2.error as error:
            raise UnavailableError(
                f"The face model {model} is no YuNet ONNX file; leave out --face-model."
            ) from error
        self._features = FacialFeatures()

    def search(self, picture: Picture) -> list[Found]:
        """All faces of the picture."""
        rows, columns = picture.image.shape[:2]
        self._network.setInputSize((columns, rows))
        _, answers = self._network.detect(picture.image)
        founds = []
        for answer in answers if answers is not None else ():
            x, y, width, height = (float(value) for value in answer[:4])
            box = _shares((x, y, width, height), (0, 0, columns, rows))
            if min(width, height) < SMALLEST * 0.6 * min(rows, columns):
                continue
            eye, other, nose = float(answer[4]), float(answer[6]), float(answer[8])
            # Looking aside moves the nose out from between the eyes.
            frontal = min(eye, other) - 0.1 * width < nose < max(eye, other) + 0.1 * width
            found = Found(box, min(0.99, float(answer[14])), frontal)
            founds.append(self._features.of(picture, found))
        return founds

    def near(self, picture: Picture, box: Box) -> Found | None:
        """The face near a box; the network is quick enough to search the whole picture."""
        x, y = box.x + box.width / 2, box.y + box.height / 2
        for found in self.search(picture):
            inside_x = abs(found.box.x + found.box.width / 2 - x) < 0.6 * box.width
            if inside_x and abs(found.box.y + found.box.height / 2 - y) < 0.6 * box.height:
                return found
        return None


def _shares(box: Any, place: tuple[int, int, int, int]) -> Box:
    """A box in pixels of a patch as shares of the whole: place is (left, top, columns, rows)."""
    left, top, columns, rows = place
    x = min(max((left + float(box[0])) / columns, 0.0), 1.0)
    y = min(max((top + float(box[1])) / rows, 0.0), 1.0)
    return Box(
        x=round(x, 5),
        y=round(y, 5),
        width=round(min(float(box[2]) / columns, 1 - x), 5),
        height=round(min(float(box[3]) / rows, 1 - y), 5),
    )


def _shrunk(grey: Pixels) -> Pixels:
    import cv2

    height, width = grey.shape
    shorter = min(height, width)
    if shorter <= SEARCH_HEIGHT:
        return grey
    scale = SEARCH_HEIGHT / shorter
    return np.asarray(
        cv2.resize(grey, (round(width * scale), round(height * scale)),
                   interpolation=cv2.INTER_AREA), dtype=np.uint8,
    )  # fmt: skip


def _cut(plane: Pixels, box: Box) -> Pixels:
    rows, columns = plane.shape[:2]
    top, left = max(0, int(box.y * rows)), max(0, int(box.x * columns))
    bottom, right = int((box.y + box.height) * rows), int((box.x + box.width) * columns)
    return plane[top : max(top, bottom), left : max(left, right)]
