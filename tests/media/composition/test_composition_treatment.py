from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ai_video_editor.composition.samples import BLOCK
from ai_video_editor.composition.sound import CutSound
from ai_video_editor.composition.treatment import Denoise, Treatment, noise_floor, treated
from ai_video_editor.settings import CompositionSettings
from ai_video_editor.verification.verifier import verify
from tests.film_studio import Studio, ffmpeg

Mono = NDArray[np.float64]

SECONDS = np.arange(6 * 48000) / 48000
TALKING = SECONDS % 1.5 < 1.0
PAUSE = (SECONDS % 1.5 > 1.15) & (SECONDS % 1.5 < 1.4)


def voice() -> Mono:
    """Syllables with 34 harmonics and two formants at -20 dBFS, with pauses of half a second."""
    phase = 2 * np.pi * np.cumsum(120 + 15 * np.sin(2 * np.pi * 0.7 * SECONDS)) / 48000
    tones = np.zeros(len(SECONDS))
    for number in range(1, 35):
        formant = 2 if 4 <= number <= 7 or 18 <= number <= 24 else 0
        tones += np.sin(number * phase) / number * (1 + formant)
    tones *= np.clip(np.sin(2 * np.pi * 4 * SECONDS), 0.1, 1) * TALKING
    return np.asarray(tones * 0.1 / np.sqrt((tones[TALKING] ** 2).mean()))


def noise(decibel: float) -> Mono:
    return np.random.default_rng(1).standard_normal(len(SECONDS)) * 10 ** (decibel / 20)


def level(sound: Mono, where: NDArray[np.bool_]) -> float:
    return float(10 * np.log10((sound[where] ** 2).mean()))


def through(folder: Path, sound: Mono, denoise: Denoise = "off", *, eq: bool = False) -> Mono:
    raw = np.stack([sound, sound], 1).astype(np.float32)
    (folder / "own.f32").write_bytes(raw.tobytes())
    given = CutSound(folder / "own.f32", len(raw), True, ())
    clean = treated(given, Treatment(denoise, eq), target=folder / "clean.f32", timeout=60)
    result = np.fromfile(clean.path, np.float32).reshape(-1, 2)
    assert len(result) == len(raw)
    return np.asarray(result[:, 0].astype(float))


@pytest.mark.parametrize(("how", "less"), [("light", 10), ("strong", 20)])
@pytest.mark.parametrize("room", [-45.0, -60.0])
def test_noise_goes_and_the_voice_stays_as_loud(
    tmp_path: Path, how: Denoise, less: float, room: float
) -> None:
    talk = voice() + noise(room)
    clean = through(tmp_path, talk, how)
    assert level(clean, PAUSE) == pytest.approx(room - less, abs=1.5)
    assert level(clean, TALKING) == pytest.approx(level(talk, TALKING), abs=0.5)


def test_rumble_goes_and_the_voice_stays_as_loud(tmp_path: Path) -> None:
    rumble = 0.03 * np.sin(2 * np.pi * 30 * SECONDS)
    clean = through(tmp_path, voice() + rumble, eq=True)
    assert level(clean, PAUSE) < level(rumble, PAUSE) - 12
    assert level(through(tmp_path, voice(), eq=True), TALKING) == pytest.approx(-20, abs=1)


def test_consonants_are_lifted_a_little(tmp_path: Path) -> None:
    everywhere = np.full(len(SECONDS), True)
    for hertz, lift in ((250, -1.5), (1000, 0), (3500, 2)):
        tone = 0.1 * np.sin(2 * np.pi * hertz * SECONDS)
        clean = through(tmp_path, tone, eq=True)
        assert level(clean, everywhere) - level(tone, everywhere) == pytest.approx(lift, abs=0.7)


def test_a_beep_stays_where_it_was(tmp_path: Path) -> None:
    beeps = (SECONDS % 1 < 0.02) * 0.5 * np.sin(2 * np.pi * 2000 * SECONDS)
    own = beeps + noise(-50)
    clean = through(tmp_path, own, "strong", eq=True)
    for second in range(1, 6):
        near = slice(second * 48000 - 4800, second * 48000 + 4800)
        began, begins = (int(np.argmax(np.abs(one[near]) > 0.25)) for one in (own, clean))
        assert abs(begins - began) < 48, "within a millisecond"


def test_silence_that_denoising_left_is_not_called_missing_sound(tmp_path: Path) -> None:
    clip = tmp_path / "noisy.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "testsrc=size=160x96:rate=25:duration=6", "-f", "lavfi", "-i",
        "aevalsrc='0.4*sin(2*PI*300*t)*lt(t,2)+0.01*(random(0)-0.5)':s=48000:d=6",
        "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", clip,
    )  # fmt: skip
    settings = CompositionSettings(denoise="strong", voice_eq=True)
    made = Studio(tmp_path).render([clip], [(0, 0.0, 6.0)], settings=settings)
    verification = verify(made.film, made.plan, made.composed, files=made.files)
    assert verification.passed, [c for c in verification.checks if c.state == "failed"]


def test_silence_is_left_alone(tmp_path: Path) -> None:
    assert not through(tmp_path, np.zeros(len(SECONDS)), "strong", eq=True).any()


def test_a_film_that_ends_just_after_a_block_is_measured(tmp_path: Path) -> None:
    path = tmp_path / "sound.f32"
    path.write_bytes(np.full((BLOCK + 100, 2), 0.1, np.float32).tobytes())
    assert noise_floor(path) == pytest.approx(-20, abs=0.1)
