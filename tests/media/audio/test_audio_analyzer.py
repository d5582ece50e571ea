"""The whole room on real sound: our own speech, music, silence, nothing."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import pytest

from ai_video_editor.audio.analyzer import AudioAnalyzer
from ai_video_editor.audio.sound import RATE, hear
from ai_video_editor.audio.transcription.engine import ScriptedTranscriber, Transcriber
from ai_video_editor.audio.transcription.imported import ImportedTranscriber
from ai_video_editor.audio.transcription.sphinx import SphinxTranscriber
from ai_video_editor.audio.transcription.whisper import WhisperTranscriber
from ai_video_editor.context.audio import AudioAnalysis, Word
from ai_video_editor.context.base import MediaRef
from ai_video_editor.errors import UnavailableError
from ai_video_editor.media.probe import probe
from ai_video_editor.settings import AudioSettings
from ai_video_editor.timebase import source_time

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
Analyse = Callable[..., AudioAnalysis]


@pytest.fixture
def analyse(tmp_path: Path) -> Analyse:
    """Analyse files with a transcriber."""
    scratch, store = tmp_path / "scratch", tmp_path / "store"
    scratch.mkdir()
    store.mkdir()

    def keep(path: Path) -> MediaRef:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        size = path.stat().st_size
        shutil.move(path, store / f"{digest}{path.suffix}")
        return MediaRef(sha256=digest, suffix=path.suffix, size=size)

    def run(*paths: Path, transcriber: Transcriber | None = None) -> AudioAnalysis:
        files = [(probe(p, hashlib.sha256(p.read_bytes()).hexdigest()), p) for p in paths]
        return AudioAnalyzer(AudioSettings()).analyze_audio(
            files, transcriber, keep=keep, scratch=scratch
        )

    return run


@pytest.fixture
def whisper(whisper_fixture: Path, tmp_path: Path) -> WhisperTranscriber:
    """Our own tiny model."""
    settings = AudioSettings(whisper_model=str(whisper_fixture))
    return WhisperTranscriber(settings, tmp_path / "models", offline=True)


def make(target: Path, *arguments: str) -> Path:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *arguments, str(target)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return target


def write_wav(target: Path, samples: Any) -> Path:
    with wave.open(str(target), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return target


def truth_of(path: Path) -> list[dict[str, Any]]:
    return list(json.loads(path.read_text())["words"])


def test_known_speech_is_recognised_with_its_fillers(
    analyse: Analyse, whisper: WhisperTranscriber, speech_samples: Path
) -> None:
    heard = analyse(speech_samples / "sample3.wav", transcriber=whisper)
    assert heard.engine == "whisper"
    assert heard.language == "en"
    assert heard.quality > 0.6
    assert heard.printable
    assert [f.text.strip(",").lower() for f in heard.fillers] == ["um", "i mean", "uh"]
    planted = [w for w in truth_of(speech_samples / "sample3.json") if w["word"] == "uh,"]
    found = heard.fillers[-1]
    assert abs(float(found.start) - planted[-1]["start"]) < 0.06
    assert abs(float(found.end) - planted[-1]["end"]) < 0.06
    assert len(heard.sentences) == 4


def test_indices_point_at_the_words_they_speak_of(
    analyse: Analyse, whisper: WhisperTranscriber, speech_samples: Path
) -> None:
    heard = analyse(
        speech_samples / "sample2.wav", speech_samples / "sample3.wav", transcriber=whisper
    )
    assert {word.input for word in heard.words} == {0, 1}
    for sentence in heard.sentences:
        words = heard.words[sentence.first_word : sentence.last_word]
        assert sentence.text == " ".join(word.text for word in words)
        assert {word.input for word in words} == {sentence.input}
    for filler in heard.fillers:
        if filler.first_word is not None:
            words = heard.words[filler.first_word : filler.last_word]
            assert all(word.filler and word.input == filler.input for word in words)
    assert len(heard.extracted) == 2


def test_no_pause_holds_a_word_and_no_words_overlap(
    analyse: Analyse, whisper: WhisperTranscriber, speech_samples: Path
) -> None:
    heard = analyse(speech_samples / "sample1.wav", transcriber=whisper)
    for pause in heard.pauses:
        assert not any(pause.range.overlaps(word.range) for word in heard.words)
    for before, after in zip(heard.words, heard.words[1:], strict=False):
        assert before.end <= after.start
        assert before.start < before.end


def test_without_a_recogniser_speech_and_pauses_are_still_found(
    analyse: Analyse, speech_samples: Path
) -> None:
    heard = analyse(speech_samples / "sample1.wav")
    assert heard.engine == "none"
    assert heard.language == "und"
    assert heard.words == ()
    long = [pause for pause in heard.pauses if pause.kind == "dead_air"]
    assert [round(float(pause.start), 1) for pause in long] == [3.6, 11.4]


def test_loudness_agrees_with_ffmpeg(analyse: Analyse, speech_samples: Path) -> None:
    path = speech_samples / "sample1.wav"
    told = subprocess.run(
        [
            imageio_ffmpeg.get_ffmpeg_exe(),
            "-nostats",
            "-i",
            str(path),
            "-af",
            "ebur128",
            "-f",
            "null",
            "-",
        ],
        capture_output=True,
        text=True,
        check=True,
        stdin=subprocess.DEVNULL,
    ).stderr
    measured = float(told.rsplit("I:", 1)[1].split("LUFS")[0])
    loudness = analyse(path).extracted[0].loudness
    assert loudness is not None
    assert loudness == pytest.approx(measured, abs=0.2)


def test_blocks_of_any_size_give_the_same_rows(speech_samples: Path) -> None:
    with wave.open(str(speech_samples / "sample1.wav")) as file:
        pcm = np.frombuffer(file.readframes(RATE * 4), "<i2")
    data = (pcm / 32768).astype(np.float32)
    whole = hear([data])
    parts = hear([data[i : i + 7777] for i in range(0, data.size, 7777)])
    assert np.allclose(whole.level, parts.level, atol=1e-3)
    assert np.allclose(whole.change, parts.change, atol=1e-2)
    assert whole.pitch.size == parts.pitch.size == 400


def test_silence_has_no_words(
    analyse: Analyse, whisper: WhisperTranscriber, tmp_path: Path
) -> None:
    path = write_wav(tmp_path / "silent.wav", np.zeros(3 * RATE))
    heard = analyse(path, transcriber=whisper)
    assert heard.kind == "silent"
    assert not (heard.words or heard.fillers or heard.pauses)
    assert heard.extracted[0].loudness is None
    assert heard.extracted[0].peak == -120


def test_noise_has_no_words(analyse: Analyse, whisper: WhisperTranscriber, tmp_path: Path) -> None:
    hiss = np.random.default_rng(3).normal(0, 0.05, 5 * RATE)
    heard = analyse(write_wav(tmp_path / "noise.wav", hiss), transcriber=whisper)
    assert heard.words == ()
    assert any("only noise" in note for note in heard.notes)


def test_a_film_without_sound_says_so(analyse: Analyse, tmp_path: Path) -> None:
    path = make(tmp_path / "mute.mp4", "-f", "lavfi", "-i", "testsrc=duration=1:size=64x64", "-an")
    heard = analyse(path)
    assert heard.kind == "none"
    assert heard.extracted == ()


def test_an_input_without_sound_beside_one_with_is_named(
    analyse: Analyse, speech_samples: Path, tmp_path: Path
) -> None:
    mute = make(tmp_path / "mute.mp4", "-f", "lavfi", "-i", "testsrc=duration=1:size=64x64", "-an")
    heard = analyse(mute, speech_samples / "sample2.wav")
    assert [one.input for one in heard.extracted] == [1]
    assert {pause.input for pause in heard.pauses} == {1}
    assert any("mute.mp4" in note for note in heard.notes)


def test_music_has_beats_and_no_words(
    analyse: Analyse, whisper: WhisperTranscriber, tmp_path: Path
) -> None:
    rng = np.random.default_rng(5)
    time = np.arange(20 * RATE) / RATE
    chord = np.array([220.0, 277.2, 329.6])[:, None]
    song = 0.1 * np.sin(2 * np.pi * chord * time).sum(axis=0)
    for beat in np.arange(0.5, 19.5, 0.5):
        at = int(beat * RATE)
        song[at : at + 1600] += 0.6 * np.exp(-np.arange(1600) / 300) * rng.normal(0, 1, 1600)
    heard = analyse(write_wav(tmp_path / "song.wav", song), transcriber=whisper)
    assert heard.kind == "music"
    assert heard.words == ()
    music = heard.music[0]
    assert music.tempo == pytest.approx(120, abs=2)
    inner = [float(beat) % 0.5 for beat in music.beats[2:-2]]
    assert all(min(off, 0.5 - off) < 0.06 for off in inner)


def test_words_in_silence_were_never_said(
    analyse: Analyse, speech_samples: Path, tmp_path: Path
) -> None:
    words = (
        Word(text="Real.", start=source_time(0.5), end=source_time(1.0), confidence=0.9),
        Word(text="Ghost.", start=source_time(4.05), end=source_time(4.2), confidence=0.9),
    )
    path = tmp_path / "words.json"
    path.write_text(json.dumps({"words": [word.model_dump(mode="json") for word in words]}))
    heard = analyse(speech_samples / "sample1.wav", transcriber=ImportedTranscriber(path))
    assert [word.text for word in heard.words] == ["Real."]
    assert any("nobody speaks" in note for note in heard.notes)


def test_a_word_stretched_over_a_pause_is_put_on_its_sound(
    analyse: Analyse, speech_samples: Path
) -> None:
    late = Word(text="Are,", start=source_time(3.7), end=source_time(4.9), confidence=0.9)
    heard = analyse(speech_samples / "sample1.wav", transcriber=ScriptedTranscriber((late,)))
    assert abs(float(heard.words[0].start) - 4.6) < 0.05


def test_an_imported_transcript_past_the_end_is_cut_there(
    analyse: Analyse, speech_samples: Path, tmp_path: Path
) -> None:
    words = [
        *truth_of(speech_samples / "sample1.json"),
        {"word": "Beyond.", "start": 90.0, "end": 91.0},
    ]
    path = tmp_path / "words.json"
    path.write_text(json.dumps({"language": "en", "words": words}))
    heard = analyse(speech_samples / "sample1.wav", transcriber=ImportedTranscriber(path))
    assert heard.engine == "imported"
    assert heard.words[-1].text == "fees."
    assert [f.text for f in heard.fillers] == ["so,", "sort of,", "uh,", "uh,"]


def test_pocketsphinx_hears_words_and_admits_its_quality(
    analyse: Analyse, speech_samples: Path
) -> None:
    heard = analyse(speech_samples / "sample2.wav", transcriber=SphinxTranscriber())
    assert heard.engine == "sphinx"
    assert len(heard.words) > 10
    assert heard.quality < 0.6
    assert not heard.printable
    assert heard.retakes == ()


def test_a_missing_model_is_unavailable_and_costs_no_retries(
    analyse: Analyse, speech_samples: Path, tmp_path: Path
) -> None:
    gone = WhisperTranscriber(AudioSettings(whisper_model="small"), tmp_path, offline=True)
    with pytest.raises(UnavailableError, match="small"):
        analyse(speech_samples / "sample2.wav", transcriber=gone)


def test_the_sample_film_gives_up_all_that_was_planted(
    analyse: Analyse, whisper: WhisperTranscriber
) -> None:
    truth = json.loads((SAMPLES / "truth.json").read_text())
    heard = analyse(SAMPLES / "sample.mp4", transcriber=whisper)
    for planted in truth["fillers"]:
        found = [
            f
            for f in heard.fillers
            if abs(float(f.start) - planted["start"]) < 0.06
            and abs(float(f.end) - planted["end"]) < 0.06
        ]
        assert found, planted
    assert len(heard.fillers) == len(truth["fillers"])
    for planted in truth["pauses"]:
        assert any(
            abs(float(p.start) - planted["start"]) < 0.04
            and abs(float(p.end) - planted["end"]) < 0.04
            and p.kind == "dead_air"
            and (p.deliberate or not planted["deliberate"])
            for p in heard.pauses
        ), planted
    assert len(heard.retakes) == len(truth["retakes"])
    for take, planted in zip(heard.retakes, truth["retakes"], strict=True):
        assert abs(float(take.start) - planted["start"]) < 0.06
        assert abs(float(take.end) - planted["end"]) < 0.06


@pytest.mark.shared_media
@pytest.mark.parametrize("name", ["speech_outdoor_20s.mp4", "jfk_11s.flac"])
def test_nonsense_is_known_as_nonsense(
    analyse: Analyse, whisper: WhisperTranscriber, shared_media: Path, name: str
) -> None:
    heard = analyse(shared_media / name, transcriber=whisper)
    assert heard.quality < 0.6
    assert not heard.printable
    assert all(filler.first_word is None for filler in heard.fillers)


@pytest.mark.shared_media
def test_a_verbatim_transcript_gives_the_fillers_of_a_real_speaker(
    analyse: Analyse, shared_media: Path
) -> None:
    heard = analyse(
        shared_media / "fillers_black_13s.mp4",
        transcriber=ImportedTranscriber(shared_media / "truth" / "fillers_black_13s.vtt"),
    )
    assert [filler.text for filler in heard.fillers] == ["So", "UH", "UM"]


@pytest.mark.shared_media
def test_a_hum_between_silences_is_found_by_its_sound_alone(
    analyse: Analyse, shared_media: Path
) -> None:
    heard = analyse(shared_media / "fillers_black_13s.mp4")
    assert [round(float(filler.start), 1) for filler in heard.fillers] == [10.6]


@pytest.mark.shared_media
def test_digital_silence_in_a_talk_is_dead_air(analyse: Analyse, shared_media: Path) -> None:
    heard = analyse(shared_media / "silence_demo_42s.mp4")
    long = [p for p in heard.pauses if p.end - p.start > 10]
    assert [(round(float(p.start), 1), round(float(p.end), 1)) for p in long] == [(17.3, 40.0)]


@pytest.mark.shared_media
def test_a_real_loop_is_music(analyse: Analyse, shared_media: Path) -> None:
    heard = analyse(shared_media / "music_loop_30s.mp3")
    assert heard.kind == "music"
    assert not (heard.words or heard.pauses)
    assert heard.music[0].tempo == pytest.approx(142, abs=2)


@pytest.mark.shared_media
def test_a_montage_under_music_is_no_pause(analyse: Analyse, shared_media: Path) -> None:
    heard = analyse(shared_media / "promo_cuts_faces_35s.mp4")
    assert heard.kind == "mixed"
    assert not [pause for pause in heard.pauses if pause.end - pause.start > 2]
