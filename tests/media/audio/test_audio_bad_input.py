"""Sound as it should not be: late, broken, of several tracks, with a wrong transcript."""

from __future__ import annotations

import json
import random
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest

from ai_video_editor.audio.transcription.imported import ImportedTranscriber
from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.errors import InputError
from ai_video_editor.settings import AudioSettings

Hear = Callable[..., AudioAnalysis]


def make(target: Path, *arguments: str) -> Path:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *arguments, str(target)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return target


def voice(heard: AudioAnalysis) -> list[tuple[float, float]]:
    return [(float(span.start), float(span.end)) for span in heard.speech]


def seconds(heard: AudioAnalysis) -> float:
    return sum(end - start for start, end in voice(heard))


@pytest.fixture
def speech(speech_samples: Path) -> Path:
    return speech_samples / "sample3.wav"


def test_sound_that_starts_late_keeps_its_times(
    hear_file: Hear, speech: Path, tmp_path: Path
) -> None:
    late = make(
        tmp_path / "late.mkv",
        *("-f", "lavfi", "-i", "testsrc=duration=8:size=64x64:rate=10"),
        *("-itsoffset", "1.5", "-t", "6", "-i", str(speech)),
        *("-map", "0:v", "-map", "1:a", "-c:v", "mpeg4", "-c:a", "pcm_s16le"),
    )
    plain, shifted = voice(hear_file(speech)), voice(hear_file(late))
    assert shifted[0][0] == pytest.approx(plain[0][0] + 1.5, abs=0.03)
    assert shifted[1][0] == pytest.approx(plain[1][0] + 1.5, abs=0.03)
    assert any("late.mkv starts 1.5 s late" in note for note in hear_file(late).notes)
    assert hear_file(speech).notes == ()


def test_a_hole_in_the_sound_is_silence_and_moves_nothing(
    hear_file: Hear, speech: Path, tmp_path: Path
) -> None:
    holed = make(
        tmp_path / "hole.mkv",
        *("-i", str(speech), "-af", "aselect='not(between(t,2,4))'", "-c:a", "pcm_s16le"),
    )
    heard = hear_file(holed)
    plain, found = voice(hear_file(speech)), voice(heard)
    assert any(re.search(r"hole.mkv is missing at 2\.[01]-4\.0 s", note) for note in heard.notes)
    assert not any(start < 3.9 and end > 2.15 for start, end in found)
    assert found[-1][1] == pytest.approx(plain[-1][1], abs=0.06)


def test_silence_that_a_noise_gate_left_is_no_hole(
    hear_file: Hear, speech: Path, tmp_path: Path
) -> None:
    gated = make(
        tmp_path / "gated.m4a",
        *("-i", str(speech), "-af", "volume=0:enable='between(t,2,4)'", "-c:a", "aac"),
    )
    assert hear_file(gated).notes == ()


def test_sound_that_fails_in_the_middle_is_heard_on_both_sides(
    hear_file: Hear, speech: Path, tmp_path: Path
) -> None:
    broken = make(tmp_path / "broken.mp3", "-i", str(speech), "-c:a", "libmp3lame", "-b:a", "64k")
    data = bytearray(broken.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 6000] = random.Random(1).randbytes(6000)
    broken.write_bytes(bytes(data))
    heard = hear_file(broken)
    plain = voice(hear_file(speech))
    assert voice(heard)[0][0] == pytest.approx(plain[0][0], abs=0.1)
    assert voice(heard)[-1][1] > plain[-1][1] - 1.5


def test_sound_that_ends_before_the_picture_is_named(
    hear_file: Hear, speech: Path, tmp_path: Path
) -> None:
    short = make(
        tmp_path / "short.mkv",
        *("-f", "lavfi", "-i", "testsrc=duration=8:size=64x64:rate=10"),
        *("-t", "5", "-i", str(speech), "-c:v", "mpeg4", "-c:a", "pcm_s16le"),
    )
    assert any("ends at 5.0 s, 3.0 s before" in note for note in hear_file(short).notes)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("-ar 48000 -ac 1", "-ar 32000 -ac 1"),
        ("-ar 48000 -ac 2", "-ar 48000 -ac 1"),
        ("-ar 48000 -ac 1", "-ar 44100 -ac 2"),
    ],
)
def test_sound_that_changes_its_form_stays_on_the_clock_and_is_named(
    hear_file: Hear, speech: Path, tmp_path: Path, first: str, second: str
) -> None:
    parts = [
        make(tmp_path / f"{start}.ts", *("-ss", start, "-t", length, "-i", str(speech)),
             *(*form.split(), "-c:a", "mp2", "-output_ts_offset", start))
        for start, length, form in (("0", "1.5", first), ("1.5", "4", second))
    ]  # fmt: skip
    joined = tmp_path / "joined.ts"
    joined.write_bytes(b"".join(part.read_bytes() for part in parts))
    plain = [span for span in voice(hear_file(speech)) if span[1] < 5.3]
    heard = hear_file(joined)
    found = voice(heard)
    assert plain[-1][0] < 1.5 < plain[-1][1] - 1  # somebody speaks across the change
    assert found[0][0] == pytest.approx(plain[0][0], abs=0.1)
    assert found[len(plain) - 1][1] == pytest.approx(plain[-1][1], abs=0.2)
    assert any("joined.ts changes its form" in note and " -> " in note for note in heard.notes)


@pytest.fixture
def two_tracks(speech: Path, tmp_path: Path) -> Path:
    return make(
        tmp_path / "tracks.mkv",
        *("-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", "-i", str(speech)),
        *("-map", "0:a", "-map", "1:a", "-t", "5", "-c:a", "pcm_s16le"),
    )


@pytest.mark.parametrize(("track", "speaks"), [("0", False), ("1", True), ("mix", True)])
def test_the_sound_track_that_is_asked_for_is_heard(
    hear_file: Hear, two_tracks: Path, track: str, speaks: bool
) -> None:
    heard = hear_file(two_tracks, settings=AudioSettings(audio_track=track))
    assert (seconds(heard) > 1) is speaks


def test_a_track_that_is_not_there_is_named(hear_file: Hear, two_tracks: Path) -> None:
    with pytest.raises(InputError, match="2 sound tracks"):
        hear_file(two_tracks, settings=AudioSettings(audio_track="2"))


@pytest.mark.parametrize(
    "layout",
    [
        "pan=5.1|FC=c0",
        "pan=6c|c2=c0",
        "pan=stereo|c0=c0|c1=0*c0",
        "pan=stereo|c0=c0|c1=-1*c0",
        "volume=-35dB",
    ],
    ids=[
        "centre of 5.1",
        "six channels without a layout",
        "one side",
        "opposed sides",
        "very quiet",
    ],
)
def test_a_voice_is_heard_wherever_it_lies(
    hear_file: Hear, speech: Path, tmp_path: Path, layout: str
) -> None:
    path = make(
        tmp_path / "odd.mkv", "-t", "6", "-i", str(speech), "-af", layout, "-c:a", "pcm_s16le"
    )
    plain = make(tmp_path / "plain.wav", "-t", "6", "-i", str(speech))
    assert seconds(hear_file(path)) == pytest.approx(seconds(hear_file(plain)), rel=0.15)


def test_clipped_speech_is_still_speech(hear_file: Hear, speech: Path, tmp_path: Path) -> None:
    path = make(tmp_path / "hot.wav", "-t", "6", "-i", str(speech), "-af", "volume=24dB")
    assert seconds(hear_file(path)) > 3


# --- transcripts that do not fit -----------------------------------------------------------------


def words_of(path: Path) -> list[dict[str, Any]]:
    return list(json.loads(path.read_text())["words"])


def transcript(tmp_path: Path, words: list[dict[str, Any]]) -> ImportedTranscriber:
    path = tmp_path / "words.json"
    path.write_text(json.dumps({"language": "en", "words": words}))
    return ImportedTranscriber(path)


def test_the_transcript_of_another_recording_is_named_and_not_believed(
    hear_file: Hear, speech_samples: Path, tmp_path: Path
) -> None:
    wrong = transcript(tmp_path, words_of(speech_samples / "sample3.json"))
    heard = hear_file(speech_samples / "sample1.wav", wrong)
    assert any("does not fit sample1.wav" in note for note in heard.notes)
    assert not heard.printable
    assert not heard.retakes


def test_the_right_transcript_is_believed(
    hear_file: Hear, speech_samples: Path, tmp_path: Path
) -> None:
    for name in ("sample1", "sample2", "sample3"):
        right = transcript(tmp_path, words_of(speech_samples / f"{name}.json"))
        heard = hear_file(speech_samples / f"{name}.wav", right)
        assert heard.printable
        assert not any("does not fit" in note for note in heard.notes)


def test_words_past_the_end_are_counted_and_left_out(
    hear_file: Hear, speech_samples: Path, tmp_path: Path
) -> None:
    words = words_of(speech_samples / "sample3.json")
    words += [{"word": "Beyond.", "start": 90.0, "end": 91.0}]
    heard = hear_file(speech_samples / "sample3.wav", transcript(tmp_path, words))
    assert heard.words[-1].text != "Beyond."
    assert any(
        "1 word of the transcript" in note and "past the end" in note for note in heard.notes
    )


def test_terms_of_the_vocabulary_are_spelt_as_given(
    hear_file: Hear, speech_samples: Path, tmp_path: Path
) -> None:
    words = words_of(speech_samples / "sample3.json")
    term = words[-1]["word"].strip(".?!")
    given = AudioSettings(vocabulary=(term.upper(),))
    heard = hear_file(speech_samples / "sample3.wav", transcript(tmp_path, words), given)
    assert heard.words[-1].text.startswith(term.upper())
