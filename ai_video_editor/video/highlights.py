"""The best moments of a film: scored sample by sample, picked so that they differ.

A score says how well the frame would serve as a picture of the film: a sharp face of some size
that looks at us with open eyes, a finished slide, a rich scene. Numbers come from what the other
analysers measured; no picture is kept until a moment is chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from math import exp, log10

import numpy as np

from ai_video_editor.context.video import Face, Shot
from ai_video_editor.timebase import SourceTime
from ai_video_editor.video.picture import Pixels
from ai_video_editor.video.quality import Measured
from ai_video_editor.video.shot_kinds import HEAD, Evidence
from ai_video_editor.video.texture import Texture

MOST = 12
"""Highlights of one film at most; six and more give every thumbnail strategy a choice."""
KEPT = 1500
"""Windows of a long film in which the best moments are kept."""
KEPT_APART, KEPT_BESIDE = 1.0, 8
"""Seconds of such a window at least, and moments kept in each."""
NEAREST = 0.7
"""Seconds between two highlights of one shot at least; less is the same picture."""
ALIKE = 2.0
"""Mean difference, grey levels of 9 x 16 blocks, below which two pictures show the same."""
NEARLY_ALIKE = 9.0
"""The same for filmed scenes: a slow flight over a beach shows one beach (differences 3 to 27)."""
HANDY = 1.12
"""How much better a moment must be to be worth decoding its part of the film again."""
SMILE = 0.5
"""Smile from which it is named: the cascade's own limit of what is likely."""
GESTURE = 3.0
"""Movement, grey levels between samples, of somebody who speaks with the hands."""
FRAMED = 0.75
"""Worth of a picture with black bars: they would stand in a thumbnail too."""
BAR = 10
"""Luma up to which a block is a black bar."""
ACTION = 7.0
"""Movement, grey levels between samples, of a picture without people that is called action."""


@dataclass(frozen=True, eq=False, slots=True)
class Moment:
    """A moment that might be a highlight.

    Attributes:
        input: index of the input.
        time: on that input's timeline.
        shot: number of its shot among all of that input.
        score: 0 to 1.
        kind: as `VisualHighlight.kind`.
        reason: what was measured, in words.
        faces: who is seen.
        signature: as `Texture.signature`.
    """

    input: int
    time: SourceTime
    shot: int
    score: float
    kind: str
    reason: str
    faces: tuple[Face, ...]
    signature: Pixels


def moments(input: int, shots: Sequence[Shot], evidence: Evidence) -> list[Moment]:
    """The samples of one input that may be highlights; black pictures are none.

    Of a film of hours only the best of every few seconds are kept.
    """
    found: list[Moment] = []
    best: list[Moment] = []
    window = max(KEPT_APART, float(shots[-1].end) / KEPT) if shots else KEPT_APART
    rows = zip(evidence.measured, evidence.textures, evidence.faces, strict=True)
    number = 0
    for measured, texture, sample in rows:
        while number + 1 < len(shots) and measured.time >= shots[number + 1].start:
            number += 1
        if measured.black:
            continue
        movement = evidence.movement.get(measured.time, 0.0)
        judged = _judge(shots[number], measured, texture, sample.faces, movement)
        settled = _settled(shots[number], measured.time)
        score = round(min(1.0, judged[0] * settled), 3)
        moment = Moment(
            input, measured.time, number, score, judged[1], judged[2], sample.faces,
            texture.signature,
        )  # fmt: skip
        if best and int(float(best[0].time) / window) != int(float(moment.time) / window):
            found += best
            best = []
        best = sorted([*best, moment], key=lambda one: -one.score)[:KEPT_BESIDE]
    return sorted([*found, *best], key=lambda one: one.time)


def pick(
    candidates: Sequence[Moment],
    *,
    most: int = MOST,
    at_hand: Collection[tuple[int, SourceTime]] = (),
) -> list[Moment]:
    """The best moments, spread over time and shots, best first; at least one if there is any.

    Each choice makes its neighbours less welcome, so that a long film gives pictures from all of
    it and a film of one take gives its different expressions.

    Args:
        candidates: of all inputs.
        most: how many are wanted.
        at_hand: inputs and times of frames that need not be decoded again: between moments that
            are about as good, these are taken.
    """
    left = list(candidates)
    if not left:
        return []
    spread = max(2.0, _length(left) / most)
    chosen: list[Moment] = []
    worth = [
        moment.score * (HANDY if (moment.input, moment.time) in at_hand else 1.0) for moment in left
    ]
    while left and len(chosen) < most:
        best = max(range(len(left)), key=lambda index: worth[index])
        if chosen and left[best].score < 0.3 * chosen[0].score and len(chosen) >= 3:
            break
        moment = left[best]
        chosen.append(moment)
        keep = [index for index, other in enumerate(left) if not _same(moment, other)]
        worth = [worth[index] * _welcome(moment, left[index], spread) for index in keep]
        left = [left[index] for index in keep]
    return sorted(chosen, key=lambda moment: -moment.score)


def sharpest(
    chosen: Sequence[Moment],
    candidates: Sequence[Moment],
    sharpness: Callable[[Moment], float],
    *,
    at_hand: Collection[tuple[int, SourceTime]] = (),
) -> list[Moment]:
    """Each chosen moment, or a sharper one right beside it that is as good; none comes twice.

    Those whose frames are at hand stay: they were the best beside them already.
    """
    taken: set[tuple[int, SourceTime]] = {(moment.input, moment.time) for moment in chosen}
    result = []
    for moment in chosen:
        if (moment.input, moment.time) in at_hand:
            result.append(moment)
            continue
        near = [
            other
            for other in candidates
            if other.input == moment.input
            and other.shot == moment.shot
            and (other.input, other.time) not in taken
            and abs(float(other.time - moment.time)) <= 0.45
            and other.score >= 0.97 * moment.score
        ]
        best = max([moment, *near], key=sharpness)
        taken.add((best.input, best.time))
        result.append(best)
    return sorted(result, key=lambda moment: -moment.score)


def _judge(
    shot: Shot,
    measured: Measured,
    texture: Texture,
    faces: tuple[Face, ...],
    movement: float,
) -> tuple[float, str, str]:
    if faces and faces[0].confidence >= 0.5 and faces[0].box.height >= HEAD:
        score, kind, reason = _with_face(measured, faces, movement)
        # Burned-in names and captions would stand in every picture made of the frame.
        return (score * 0.86 if texture.text_lines else score), kind, reason
    if shot.kind in ("slide", "title_card"):
        if not texture.text_lines:
            return 0.2 * shot.confidence, "slide", "a plain card; no text was found on it"
        lines = "1 line" if texture.text_lines == 1 else f"{texture.text_lines} lines"
        what = "slide" if shot.kind == "slide" else "title card"
        filled = min(1.0, 0.5 + 0.1 * texture.text_lines)
        return 0.3 + 0.35 * filled * shot.confidence, "slide", f"{what} with {lines} of text"
    colour = min(1.0, texture.colour / 60)
    detail = min(1.0, log10(1 + measured.sharpness) / 3)
    score = 0.6 * measured.score * (0.4 + 0.35 * colour + 0.25 * detail)
    if framed(texture.signature):
        score *= FRAMED
    if shot.kind == "talking_head" and not faces:
        # Somebody is there, turned away or with the eyes shut: no face to show.
        return 0.5 * score, "scene", "no face can be seen in this moment"
    if movement >= ACTION:
        return score * 0.85, "action", f"much movement ({movement:.0f} grey levels a step)"
    words = [word for word, is_so in (
        ("colourful", texture.colour > 40),
        ("sharp", measured.sharpness > 300),
        ("well exposed", 70 <= measured.brightness <= 190),
    ) if is_so]  # fmt: skip
    people = "1 person" if len(faces) == 1 else f"{len(faces)} people"
    where = f"{people} in the distance" if faces else "nobody in front"
    return score, "scene", ", ".join([*(words or ["the clearest picture here"]), where])


def framed(signature: Pixels) -> bool:
    """Whether black bars stand on both sides or above and below, of 9 x 16 blocks of luma."""
    sides = signature[:, (0, -1)].max() <= BAR and signature[:, 2:-2].max() > 3 * BAR
    ends = signature[(0, -1), :].max() <= BAR and signature[2:-2].max() > 3 * BAR
    return bool(sides or ends)


def promise(measured: Measured, faces: tuple[Face, ...], movement: float) -> float:
    """How good a sample may turn out, from what is known as soon as it is seen; 0 to 1."""
    if measured.black:
        return 0.0
    if faces:
        return _with_face(measured, faces, movement)[0]
    return 0.6 * measured.score


def _with_face(
    measured: Measured, faces: tuple[Face, ...], movement: float
) -> tuple[float, str, str]:
    face = faces[0]
    size = min(1.0, face.box.height / 0.32)
    sharp = min(1.0, log10(1 + face.sharpness) / 2.7)
    eyes = 0.6 if face.eyes_open is None else face.eyes_open
    smile = face.smile or 0.0
    middle = face.box.x + face.box.width / 2
    whole = 1.0 if face.box.width + 0.02 < middle < 0.98 - face.box.width else 0.75
    calm = 1.0 if movement < 2 * GESTURE else 0.85
    score = (
        0.24 * size + 0.20 * sharp + 0.16 * eyes + 0.12 * smile + 0.12 * face.confidence
        + 0.16 * measured.score
    ) * whole * calm * (1.0 if face.frontal else 0.8)  # fmt: skip
    height = f"face of {face.box.height:.0%} of the height"
    looks = "looking ahead" if face.frontal else "in profile"
    parts = [height, looks]
    if face.eyes_open is not None and face.eyes_open >= 0.6:
        parts.append("eyes open")
    if smile >= SMILE:
        return score, "expression", ", ".join([*parts, "probably smiling"])
    if movement >= GESTURE:
        return score, "gesture", ", ".join([*parts, "in movement"])
    if len(faces) > 1:
        parts.append(f"{len(faces)} people")
    return score, "portrait", ", ".join(parts)


def _settled(shot: Shot, time: SourceTime) -> float:
    """Less right beside a cut, where a dissolve or a blur may still be seen."""
    margin = min(float(time - shot.start), float(shot.end - time))
    if shot.kind in ("slide", "title_card"):
        # Slides fill up while they stand: their end shows most.
        share = float(time - shot.start) / float(shot.end - shot.start)
        return (0.9 if margin < 0.2 else 1.0) * (0.8 + 0.2 * share)
    return 0.8 if margin < 0.12 else 1.0


def _length(candidates: Sequence[Moment]) -> float:
    ends: dict[int, float] = {}
    for moment in candidates:
        ends[moment.input] = max(ends.get(moment.input, 0.0), float(moment.time))
    return sum(ends.values())


def _same(one: Moment, other: Moment) -> bool:
    if one.input != other.input or one.shot != other.shot:
        return False
    if abs(float(one.time - other.time)) < NEAREST:
        return True
    if one.faces or other.faces:
        return False
    alike = ALIKE if other.kind == "slide" else NEARLY_ALIKE
    return _difference(one, other) < alike


def _difference(one: Moment, other: Moment) -> float:
    return float(np.abs(one.signature.astype(np.float32) - other.signature).mean())


def _welcome(chosen: Moment, other: Moment, spread: float) -> float:
    # Six portraits make the first slide welcome.
    factor = 0.92 if bool(chosen.faces) == bool(other.faces) else 1.0
    if chosen.input != other.input:
        return factor
    if chosen.kind == "slide" and chosen.shot == other.shot:
        return 0.2
    away = abs(float(chosen.time - other.time))
    factor *= 1.0 - 0.55 * exp(-away / spread)
    return factor * (0.93 if chosen.shot == other.shot else 1.0)
