"""Finding faces in one picture: OpenCV's bundled cascades, or a YuNet model where there is one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ai_video_editor.context.base import Box
from ai_video_editor.errors import UnavailableError
from ai_video_editor.video.picture import Picture, Pixels
from ai_video_editor.video.quality import sharpness

Place = tuple[float, float, float, float]
"""Left and top of a patch, and columns and rows of the whole picture, in pixels of the patch."""

SMALLEST = 0.08
"""Smallest face, as a share of the shorter side; smaller ones are passers-by."""
LARGE = 0.15
"""Size from which a face is found by the quick search, a third of the work of the whole one."""
ASIDE = 0.14
"""Smallest face in profile: half of all searching time goes into smaller ones, for nobody."""
WINDOW = 21
"""Pixels of the smallest face that the cascades can see; pictures are shrunk to fit that."""
COARSE = 1.18
"""Steps between sizes in a search of the whole picture; a face is then looked at more finely."""
FINE = 1.12
"""Steps between sizes where a face is looked for again."""
NEARBY = 40
"""Pixels that a face which is looked for again is shrunk to."""
FACE_SIZE = 120
"""Pixels a face is scaled to before eyes and mouth are looked for."""


@dataclass(frozen=True, slots=True)
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

    def search(self, picture: Picture, *, small: bool = True, aside: bool = True) -> list[Found]:
        """All faces of the picture; perhaps none that is small, or looks aside, if so told."""

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
        """Load nothing before the first face."""
        self._eyes: Any = None
        self._smile: Any = None

    def of(self, picture: Picture, found: Found) -> Found:
        """The same face with sharpness, eyes and smile."""
        import cv2

        found = focused(picture, found)
        patch = _cut(picture.grey, found.box)
        if not found.frontal or min(patch.shape) < 36:
            # Smaller than that even people cannot tell an open eye.
            return found
        if self._eyes is None:
            self._eyes = _cascade("haarcascade_eye_tree_eyeglasses.xml")
            self._smile = _cascade("haarcascade_smile.xml")
        scaled = cv2.resize(patch, (FACE_SIZE, FACE_SIZE))
        face = np.asarray(cv2.equalizeHist(scaled), dtype=np.uint8)
        upper = face[int(0.15 * FACE_SIZE) : int(0.60 * FACE_SIZE)]
        eyes = self._eyes.detectMultiScale(upper, 1.15, 3, 0, (20, 20), (50, 50))
        sides = {bool(x + w / 2 > FACE_SIZE / 2) for x, _, w, _ in eyes}
        # Not finding an eye may be glasses or shadow: it says less than finding one, and nothing
        # at all where the face is small.
        unseen = 0.3 if min(patch.shape) >= 80 else None
        eyes_open = (unseen, 0.6, 0.9)[len(sides)]
        return replace(found, eyes_open=eyes_open, smile=self._mouth(face))

    def _mouth(self, face: Pixels) -> float:
        lower = face[int(0.58 * FACE_SIZE) :]
        smallest = (int(0.28 * FACE_SIZE), int(0.12 * FACE_SIZE))
        _, _, weights = self._smile.detectMultiScale3(
            lower, 1.15, 12, 0, smallest, outputRejectLevels=True
        )
        strongest = float(np.max(weights)) if len(weights) else 0.0
        # The cascade sees smiles in many mouths: even its strongest answer is only likely.
        return round(min(0.8, max(0.0, strongest) * 0.2), 3)


def focused(picture: Picture, found: Found) -> Found:
    """The same face with its sharpness."""
    patch = _cut(picture.grey, found.box)
    return found if min(patch.shape) < 8 else replace(found, sharpness=sharpness(patch))


class CascadeFaces:
    """OpenCV's Haar cascades: frontal first, profile (both ways) where nobody looks ahead."""

    def __init__(self) -> None:
        """Load the frontal cascade; the others when they are needed."""
        # By eye on a few films: 54.5 leaves and curtains, 56 most faces, 57.5 clear ones.
        self._frontal = _Cascade("haarcascade_frontalface_alt2.xml", (53.8, 57.2), 1.0)
        self._tilted = _Cascade("haarcascade_frontalface_default.xml", (0.0, 6.7), 0.67)
        self._profile = _Cascade("haarcascade_profileface.xml", (0.0, 5.0), 0.9, frontal=False)
        self._searches = 0

    def search(self, picture: Picture, *, small: bool = True, aside: bool = True) -> list[Found]:
        """All faces; the slow profile search runs every other time, if nobody looks ahead."""
        founds = _searched(self._frontal, picture.grey, SMALLEST if small else LARGE, 3)
        self._searches += 1
        if aside and not founds and self._searches % 2:
            founds = self._profiles(picture.grey)
        return founds

    def near(self, picture: Picture, box: Box) -> Found | None:
        """The face in the neighbourhood of a box, of about its size, looking ahead or aside."""
        import cv2

        grey = picture.grey
        rows, columns = grey.shape
        around = Box(
            x=box.x - 0.4 * box.width,
            y=box.y - 0.4 * box.height,
            width=1.8 * box.width,
            height=1.8 * box.height,
        )
        left, top = max(0, int(around.x * columns)), max(0, int(around.y * rows))
        patch = _cut(grey, around)
        scale = min(1.0, NEARBY / max(1.0, box.height * rows))
        size = (round(patch.shape[1] * scale), round(patch.shape[0] * scale))
        if min(size) < 24:
            return None
        patch = np.asarray(cv2.resize(patch, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        face = box.height * rows * scale
        sizes = (max(20, int(0.7 * face)), max(24, round(1.5 * face)))
        place = (left * scale, top * scale, columns * scale, rows * scale)
        founds = (
            self._frontal.run(patch, sizes, 2, place)
            or self._tilted.run(patch, sizes, 4, place)
            or self._both_ways(patch, sizes, place)
        )
        return max(founds, key=lambda found: found.confidence, default=None)

    def _profiles(self, grey: Pixels) -> list[Found]:
        shrunk = _shrunk(grey, WINDOW / ASIDE)
        rows, columns = shrunk.shape
        whole = (0.0, 0.0, float(columns), float(rows))
        return self._both_ways(shrunk, (20, min(rows, columns)), whole, step=COARSE)

    def _both_ways(
        self, grey: Pixels, sizes: tuple[int, int], place: Place, *, step: float = FINE
    ) -> list[Found]:
        mirrored = np.ascontiguousarray(grey[:, ::-1])
        # The cascade knows one side only; what it finds in the mirror is turned back.
        aside = self._profile.run(grey, sizes, 4, place, step=step)
        aside += self._profile.run(mirrored, sizes, 4, place, step=step, mirrored=True)
        return [found for found in aside if found.confidence >= 0.45]


class _Cascade:
    """One cascade and how far it is believed.

    Args:
        name: of OpenCV's file.
        weights: stage weights that mean nothing and everything.
        highest: confidence that it can give at most.
        frontal: whether what it finds looks towards the camera.
    """

    def __init__(
        self, name: str, weights: tuple[float, float], highest: float, *, frontal: bool = True
    ) -> None:
        self._name = name
        self._weights = weights
        self._highest = highest
        self._frontal = frontal
        self._loaded: Any = None

    def run(
        self,
        grey: Pixels,
        sizes: tuple[int, int],
        neighbours: int,
        place: Place,
        *,
        step: float = FINE,
        mirrored: bool = False,
    ) -> list[Found]:
        """Faces between two sizes, as shares of the place that `grey` was cut from."""
        if self._loaded is None:
            self._loaded = _cascade(self._name)
        boxes, _, weights = self._loaded.detectMultiScale3(
            grey, step, neighbours, 0, (sizes[0],) * 2, (sizes[1],) * 2, outputRejectLevels=True
        )
        founds = []
        for (x, y, width, height), weight in zip(boxes, np.ravel(weights), strict=True):
            left = grey.shape[1] - x - width if mirrored else x
            box = _shares((left, y, width, height), place)
            founds.append(Found(box, self._trust(float(weight)), self._frontal))
        return founds

    def _trust(self, weight: float) -> float:
        nothing, everything = self._weights
        return min(self._highest, max(0.05, (weight - nothing) / (everything - nothing)))


def _searched(cascade: _Cascade, grey: Pixels, smallest: float, neighbours: int) -> list[Found]:
    shrunk = _shrunk(grey, WINDOW / smallest)
    rows, columns = shrunk.shape
    sizes = (max(20, int(smallest * min(rows, columns))), min(rows, columns))
    return cascade.run(shrunk, sizes, neighbours, (0, 0, columns, rows), step=COARSE)


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

    def search(self, picture: Picture, *, small: bool = True, aside: bool = True) -> list[Found]:
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
            founds.append(Found(box, min(0.99, float(answer[14])), frontal))
        return founds

    def near(self, picture: Picture, box: Box) -> Found | None:
        """The face near a box; the network is quick enough to search the whole picture."""
        x, y = box.x + box.width / 2, box.y + box.height / 2
        for found in self.search(picture):
            inside_x = abs(found.box.x + found.box.width / 2 - x) < 0.6 * box.width
            if inside_x and abs(found.box.y + found.box.height / 2 - y) < 0.6 * box.height:
                return found
        return None


def _shares(box: Any, place: Place) -> Box:
    """A box in pixels of a patch as shares of the whole it was cut from."""
    left, top, columns, rows = place
    x = min(max((left + float(box[0])) / columns, 0.0), 1.0)
    y = min(max((top + float(box[1])) / rows, 0.0), 1.0)
    return Box(
        x=round(x, 5),
        y=round(y, 5),
        width=round(min(float(box[2]) / columns, 1 - x), 5),
        height=round(min(float(box[3]) / rows, 1 - y), 5),
    )


def _shrunk(grey: Pixels, shorter: float) -> Pixels:
    import cv2

    height, width = grey.shape
    scale = shorter / min(height, width)
    if scale >= 1:
        return grey
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _cut(plane: Pixels, box: Box) -> Pixels:
    rows, columns = plane.shape[:2]
    top, left = max(0, int(box.y * rows)), max(0, int(box.x * columns))
    bottom, right = int((box.y + box.height) * rows), int((box.x + box.width) * columns)
    return plane[top : max(top, bottom), left : max(left, right)]
