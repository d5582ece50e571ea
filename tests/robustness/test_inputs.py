"""Odd, broken and hostile inputs: each is read right, or refused in one sentence with its name."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from ai_video_editor.context.inputs import VideoFile
from ai_video_editor.errors import (
    FileCorruptionError,
    FilePermissionError,
    InputError,
    MediaError,
)
from ai_video_editor.media.audio import RATE, extract, read_range
from ai_video_editor.media.ffmpeg import CONTAINERS
from ai_video_editor.media.frames import FramePass, frame_at
from ai_video_editor.media.probe import film_format, probe
from ai_video_editor.operations.validation import FileValidator, check_inputs, check_output
from ai_video_editor.timebase import source_time
from tests.robustness.broken_inputs import PICTURE, RECIPES, TONE, Workshop, ffmpeg, lavfi

DIGEST = "0" * 64


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("inputs"))


def probed(path: Path) -> VideoFile:
    return probe(path, DIGEST)


def level(wav: Path, start: float, end: float) -> float:
    samples = read_range(wav, Fraction(start), Fraction(end))
    return float(np.sqrt(np.mean(np.square(samples)))) if len(samples) else 0.0


# name -> facts of the picture: width, height, rotation, mirrored, rate, variable, start, frames
PICTURES: dict[str, dict[str, object]] = {
    "base.mp4": {"width": 320, "height": 180, "frame_rate": "30/1", "frames": 90, "rotation": 0},
    "two_rates.mp4": {"frame_rate": "30/1", "variable_frame_rate": True},
    "jitter.mp4": {"frame_rate": "30/1", "variable_frame_rate": True},
    "swing.mp4": {"frame_rate": "60/1", "variable_frame_rate": True},
    "ntsc.mp4": {"frame_rate": "30000/1001", "variable_frame_rate": False},
    "film.mp4": {"frame_rate": "24000/1001", "variable_frame_rate": False},
    "fast.mp4": {"frame_rate": "120/1", "frames": 240},
    "plain.mkv": {"frame_rate": "30/1", "variable_frame_rate": False},
    "plain.flv": {"frame_rate": "30/1", "variable_frame_rate": False},
    "plain.ts": {"frame_rate": "30/1", "variable_frame_rate": False},
    "frag.mp4": {"frame_rate": "30/1", "variable_frame_rate": False, "frames": 90},
    "bframes.avi": {"codec": "mpeg4", "frame_rate": "30/1", "frames": 90},
    "bframes.mp4": {"frame_rate": "30/1", "frames": 90, "start": 0},
    "onegop.mp4": {"frames": 90},
    "rot90.mp4": {"width": 180, "height": 320, "rotation": 270, "mirrored": False},
    "rot180.mp4": {"width": 320, "height": 180, "rotation": 180, "mirrored": False},
    "rot270.mp4": {"width": 180, "height": 320, "rotation": 90, "mirrored": False},
    "flip.mp4": {"width": 320, "height": 180, "rotation": 0, "mirrored": True},
    "odd.webm": {"width": 321, "height": 181, "codec": "vp9"},
    "hdr10.mp4": {"hdr": True, "color_transfer": "smpte2084", "bit_depth": 10},
    "hlg.mp4": {"hdr": True, "color_transfer": "arib-std-b67", "bit_depth": 10},
    "hev1.mp4": {"codec": "hevc", "hdr": False},
    "deep422.mp4": {"bit_depth": 10, "pixel_format": "yuv422p10le"},
    "prores.mov": {"codec": "prores"},
    "grey.mp4": {"frames": 15},
    "full_range.mp4": {"color_range": "pc"},
    "alpha.webm": {"codec": "vp9", "frame_rate": "25/1"},
    "inter.mp4": {"interlaced": True, "frame_rate": "25/1"},
    "sar.mp4": {"width": 427, "height": 240, "coded_width": 360, "sample_aspect": "32/27"},
    "upright.mp4": {"width": 180, "height": 320, "rotation": 0},
    "tiny.mp4": {"width": 16, "height": 16},
    "black.mp4": {"width": 320},
    "tenth.mp4": {"frames": 3, "frame_rate": "30/1"},
    "audio_first.mp4": {"stream_index": 1},
    "cover.mp4": {"width": 320, "stream_index": 0},
    "timecode.mov": {"frames": 90},
    "video_late.mkv": {"start": Fraction(3, 2)},
    "audio_late.mp4": {"start": 0},
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_of_an_odd_input_is_read_right(shop: Workshop, name: str) -> None:
    video = probed(shop(name)).video
    assert video is not None
    wanted = PICTURES[name]
    assert {key: getattr(video, key) for key in wanted} == wanted


# name -> length of the timeline in seconds
LENGTHS = {
    "base.mp4": 3.0,
    "tenth.mp4": 0.1,
    "swing.mp4": 6.0,
    "no_duration.mkv": 3.0,
    "offset.ts": 3.0,
    "joined.ts": 6.0,
    "editlist.mp4": 2.3,
    "audio_late.mp4": 3.5,
    "video_late.mkv": 4.5,
    "gap.mkv": 3.0,
    "short_audio.mp4": 3.0,
    "long_audio.mp4": 3.0,
    "audio_only.mp4": 3.0,
    "cover.mp3": 3.0,
    "still_with_sound.mp4": 3.0,
    "truncated_behind_moov.mp4": 1.8,
    "subs.mp4": 3.0,
}


@pytest.mark.parametrize("name", LENGTHS)
def test_the_length_is_that_of_the_longest_track(shop: Workshop, name: str) -> None:
    assert float(probed(shop(name)).duration) == pytest.approx(LENGTHS[name], abs=0.05)


@pytest.mark.parametrize("name", PICTURES)
def test_every_frame_comes_once_in_order_and_inside_the_track(shop: Workshop, name: str) -> None:
    file = probed(shop(name))
    assert file.video is not None
    looked = FramePass(file, shop(name), height=32)
    times = [frame.time for frame in looked.frames()]
    assert len(times) == file.video.frames
    assert looked.damaged == 0
    assert times == sorted(set(times))
    assert abs(times[0] - file.video.start) <= Fraction(1, 1000)
    assert times[-1] < file.video.start + file.video.duration


AUDIBLE = [
    "base.mp4", "offset.ts", "plain.ts", "plain.mkv", "plain.flv", "bframes.avi", "frag.mp4",
    "editlist.mp4", "audio_first.mp4", "audio_only.mp4", "cover.mp3", "telephone.mp4",
    "deep_sound.mov", "no_duration.mkv", "plain.wav", "plain.flac", "plain.m4a", "plain.ogg",
    "surround.mp4", "one_sided.mp4", "opposed.mp4", "multi.mp4", "clipped.mp4",
]  # fmt: skip


@pytest.mark.parametrize("name", AUDIBLE)
def test_the_sound_is_heard_and_as_long_as_the_timeline(
    shop: Workshop, tmp_path: Path, name: str
) -> None:
    file = probed(shop(name))
    wav = tmp_path / "sound.wav"
    length = extract(file, shop(name), wav)
    assert abs(length - file.duration) <= Fraction(1, RATE)
    assert level(wav, 0.5, 1.5) > 0.05


def test_a_track_is_chosen_by_its_number_and_all_of_them_by_mix(
    shop: Workshop, tmp_path: Path
) -> None:
    path = shop("multi.mp4")
    file = probed(path)
    assert [track.default for track in file.audio] == [False, True, False]
    pitches = {}
    for track in ("0", "1", "mix"):
        wav = tmp_path / f"{track}.wav"
        extract(file, path, wav, track=track)
        spectrum = np.abs(np.fft.rfft(read_range(wav, Fraction(1), Fraction(2))))
        pitches[track] = {tone for tone in (440, 880) if spectrum[tone] > 100}
    assert pitches == {"0": {440}, "1": {880}, "mix": {440, 880}}
    with pytest.raises(InputError, match=r"multi\.mp4 has 3 sound tracks; --audio-track 3"):
        extract(file, path, tmp_path / "none.wav", track="3")


def test_late_sound_lands_where_the_container_says(shop: Workshop, tmp_path: Path) -> None:
    path = shop("audio_late.mp4")
    extract(probed(path), path, tmp_path / "late.wav")
    samples = np.abs(read_range(tmp_path / "late.wav", Fraction(0), Fraction(4)))
    onset = int(np.argmax(samples > 0.02)) / RATE
    assert onset == pytest.approx(0.5, abs=0.005)


def test_a_hole_in_the_sound_stays_a_hole(shop: Workshop, tmp_path: Path) -> None:
    path = shop("gap.mkv")
    extract(probed(path), path, tmp_path / "gap.wav")
    assert level(tmp_path / "gap.wav", 1.0, 1.8) == pytest.approx(0.0, abs=1e-4)
    assert level(tmp_path / "gap.wav", 2.2, 2.9) > 0.05


def test_sound_that_ends_early_is_followed_by_silence(shop: Workshop, tmp_path: Path) -> None:
    path = shop("short_audio.mp4")
    extract(probed(path), path, tmp_path / "short.wav")
    assert level(tmp_path / "short.wav", 0.5, 1.4) > 0.05
    assert level(tmp_path / "short.wav", 1.6, 3.0) == 0.0


@pytest.mark.parametrize("name", ["one_sided.mp4", "opposed.mp4", "surround.mp4"])
def test_mixing_to_mono_loses_no_voice(shop: Workshop, tmp_path: Path, name: str) -> None:
    extract(probed(shop(name)), shop(name), tmp_path / "odd.wav")
    extract(probed(shop.base), shop.base, tmp_path / "base.wav")
    whole = level(tmp_path / "base.wav", 0.5, 2.5)
    assert level(tmp_path / "odd.wav", 0.5, 2.5) == pytest.approx(whole, rel=0.1)


def test_joined_streams_become_one_timeline(shop: Workshop, tmp_path: Path) -> None:
    path = shop("joined.ts")
    file = probed(path)
    assert file.clock_jumps
    times = [frame.time for frame in FramePass(file, path, height=32).frames()]
    assert len(times) == 180
    gaps = np.diff([float(time) for time in times])
    assert gaps.max() == pytest.approx(1 / 30, abs=0.002)
    extract(file, path, tmp_path / "joined.wav")
    assert level(tmp_path / "joined.wav", 4.0, 5.5) > 0.05
    second = frame_at(file, path, source_time(4.5))
    assert second.shape == (180, 320, 3)


def test_four_hours_are_read_without_decoding_them(shop: Workshop) -> None:
    path = shop("hours.mp4")
    file = probed(path)
    assert file.duration == 14400
    assert frame_at(file, path, source_time(14000.5)).shape == (36, 64, 3)


def test_a_few_damaged_frames_are_skipped_and_counted(shop: Workshop) -> None:
    path = shop("damaged.mkv")
    looked = FramePass(probed(path), path, height=32)
    assert len(list(looked.frames())) == looked.decoded
    assert 0 < looked.damaged < 45
    result = FileValidator(check_integrity=True).validate_video_file(path)
    assert result.ok
    assert any("damaged" in warning for warning in result.warnings)


def test_a_mostly_damaged_picture_is_given_up(shop: Workshop) -> None:
    path = shop("mostly_damaged.mkv")
    with pytest.raises(MediaError, match=r"mostly_damaged\.mkv: .* frames are damaged"):
        list(FramePass(probed(path), path, height=32).frames())


def test_sound_that_cannot_be_decoded_is_an_error_not_silence(
    shop: Workshop, tmp_path: Path
) -> None:
    path = shop("failing_audio.mkv")
    with pytest.raises(MediaError, match=r"failing_audio\.mkv: nothing of its sound"):
        extract(probed(path), path, tmp_path / "none.wav")


NOTES = {
    "two_rates.mp4": "frame rate varies",
    "rot90.mp4": "turned",
    "hdr10.mp4": "HDR (PQ)",
    "hlg.mp4": "HDR (HLG)",
    "inter.mp4": "interlaced",
    "sar.mp4": "not square",
    "no_audio.mp4": "no sound",
    "audio_only.mp4": "no picture",
    "still_with_sound.mp4": "single still frame",
    "truncated_behind_moov.mp4": "cut off",
    "joined.ts": "clock starts anew",
    "video_late.mkv": "picture starts at 1.50 s",
}


@pytest.mark.parametrize("name", NOTES)
def test_a_user_is_told_what_is_odd(shop: Workshop, name: str) -> None:
    assert any(NOTES[name] in note for note in probed(shop(name)).notes)


def test_a_plain_recording_needs_no_note(shop: Workshop) -> None:
    assert probed(shop.base).notes == ()


def test_cover_art_is_no_film(shop: Workshop) -> None:
    for name in ("cover.mp4", "cover.mp3"):
        assert probed(shop(name)).attached_pictures == 1
    assert probed(shop("cover.mp3")).video is None


def test_subtitles_are_counted(shop: Workshop) -> None:
    assert probed(shop("subs.mp4")).subtitles == 1
    assert probed(shop("subs.mkv")).subtitles == 1


# name -> error, and words of the fact and the fix
REFUSED: dict[str, tuple[type[InputError], str]] = {
    "zero.mp4": (FileCorruptionError, "empty .* again"),
    "text.mp4": (InputError, "text file, not a video; give"),
    "png.mp4": (InputError, "PNG picture, not a video; give"),
    "jpeg.mp4": (InputError, "JPEG picture, not a video; give"),
    "gif.mp4": (InputError, "GIF picture, not a video; give"),
    "noise.mp4": (InputError, "no kind that is known .* convert"),
    "playlist.mp4": (InputError, "HLS playlist, not a video; download"),
    "script.mp4": (InputError, "concat script, not a video; give"),
    "one_frame.mp4": (InputError, "single frame, not a film; give"),
    "too_small.mp4": (InputError, "8x8 pixels; at least 16x16"),
    "too_large.mp4": (InputError, "8320x32 pixels; at most 8192 .* smaller with `ffmpeg"),
    "only_subtitles.mkv": (InputError, "neither picture nor sound; give"),
    "truncated.mp4": (FileCorruptionError, "not copied to its end.* copy it again"),
    "ruined.mkv": (FileCorruptionError, "no picture that can be decoded.* copy it again"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_used_is_refused_in_one_sentence(shop: Workshop, name: str) -> None:
    error, words = REFUSED[name]
    with pytest.raises(error, match=words) as caught:
        probed(shop(name))
    message = str(caught.value)
    assert name in message
    assert "\n" not in message
    assert message.endswith(".")
    result = FileValidator().validate_video_file(shop(name))
    assert (result.ok, result.errors, result.file) == (False, (message,), None)


def test_every_recipe_is_tried() -> None:
    tried = {*PICTURES, *LENGTHS, *AUDIBLE, *NOTES, *REFUSED}
    single = {
        "mostly_damaged.mkv", "damaged.mkv", "failing_audio.mkv", "subs.mkv", "hours.mp4",
        "quiet.mp4", "silent.mp4",
    }  # fmt: skip
    assert set(RECIPES) == tried | single


def test_silent_and_quiet_sound_are_recordings_too(shop: Workshop, tmp_path: Path) -> None:
    extract(probed(shop("silent.mp4")), shop("silent.mp4"), tmp_path / "silent.wav")
    assert level(tmp_path / "silent.wav", 0, 3) == 0.0
    extract(probed(shop("quiet.mp4")), shop("quiet.mp4"), tmp_path / "quiet.wav")
    assert 0 < level(tmp_path / "quiet.wav", 0.5, 2.5) < 0.002


NAMES = [
    'a b\'c "d" üñï 日本 🎬 [x] %d,;=.mp4',
    "-dash.mp4",
    "file:with:colons.mp4",
    "%03d.mp4",
    "new\nline.mp4",
    "concat|pipe.mp4",
    os.fsdecode(b"bad\xffname.mp4"),
]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_any_name_is_only_a_name(
    shop: Workshop, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "it's a 'folder'"
    folder.mkdir()
    (folder / name).write_bytes(shop.base.read_bytes())
    monkeypatch.chdir(folder)
    path = Path(name)
    assert check_inputs([path]) == [folder / name]
    file = probed(path)
    assert VideoFile.model_validate_json(file.model_dump_json()) == file
    assert extract(file, path, tmp_path / "sound.wav") == 3
    assert len(list(FramePass(file, path, height=32, rate=2).frames())) == 6


class Watch:
    """The kernel's own record (inotify) of whether files were opened, by whatever library."""

    OPENED = 0x20

    def __init__(self, *paths: Path) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        self._handle = libc.inotify_init1(os.O_NONBLOCK)
        assert self._handle >= 0
        for path in paths:
            assert libc.inotify_add_watch(self._handle, os.fsencode(path), self.OPENED) >= 0

    def opened(self) -> bool:
        try:
            return bool(os.read(self._handle, 65536))
        except BlockingIOError:
            return False


linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs inotify")


@linux
def test_the_watch_sees_what_an_unguarded_ffmpeg_opens(shop: Workshop) -> None:
    watch = Watch(shop.base)
    ffmpeg("-f", "concat", "-safe", "0", "-i", shop("script.mp4"), "-f", "null", "-")
    assert watch.opened()


@linux
@pytest.mark.parametrize("name", ["playlist.mp4", "script.mp4"])
def test_a_script_in_a_films_clothes_opens_nothing_else(
    shop: Workshop, tmp_path: Path, name: str
) -> None:
    script, film = shop(name), probed(shop.base)
    watch = Watch(shop.base, shop("plain.ts"))
    with pytest.raises(InputError):
        probed(script)
    for container in sorted(CONTAINERS):
        lying = film.model_copy(update={"container": container})
        with pytest.raises(MediaError):
            extract(lying, script, tmp_path / "none.wav")
        with pytest.raises((MediaError, InputError)):
            list(FramePass(lying, script, height=32).frames())
    assert not watch.opened()


@pytest.mark.parametrize("container", ["concat", "hls", "lavfi", "image2"])
def test_no_other_container_is_ever_opened(shop: Workshop, tmp_path: Path, container: str) -> None:
    lying = probed(shop.base).model_copy(update={"container": container})
    with pytest.raises(InputError, match="no container that may be opened"):
        extract(lying, shop("script.mp4"), tmp_path / "none.wav")
    with pytest.raises(InputError, match="no container that may be opened"):
        list(FramePass(lying, shop("script.mp4"), height=32).frames())


def test_a_missing_file_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.mp4"
    os.mkfifo(pipe)
    for path, words in (
        (tmp_path / "nowhere.mp4", "is not there; check"),
        (tmp_path, "is a folder; name"),
        (pipe, "no ordinary file; save"),
    ):
        with pytest.raises(InputError, match=words):
            check_inputs([path])
        with pytest.raises(InputError, match=words):
            probed(path)
    with pytest.raises(InputError, match="No input was given"):
        check_inputs([])


def test_a_file_that_may_not_be_read_is_named(shop: Workshop, tmp_path: Path) -> None:
    secret = tmp_path / "secret.mp4"
    secret.write_bytes(shop.base.read_bytes())
    secret.chmod(0)
    message = _as_nobody(lambda: check_inputs([secret]))
    assert message.startswith(FilePermissionError.__name__)
    assert "secret.mp4 may not be read; change its permissions" in message


def _as_nobody(work: Callable[[], object]) -> str:
    """Run something as a user without rights; the error's class and message."""
    if os.getuid() != 0:
        with pytest.raises(FilePermissionError) as caught:
            work()
        return f"{type(caught.value).__name__}: {caught.value}"
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        message = "nothing was raised"
        try:
            os.setuid(65534)
            work()
        except BaseException as error:
            message = f"{type(error).__name__}: {error}"
        os.write(writing, message.encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        return pipe.read().decode()


def test_more_streams_than_a_recording_has_are_refused(shop: Workshop, tmp_path: Path) -> None:
    many = tmp_path / "many.mkv"
    ffmpeg("-i", shop.base, *(word for _ in range(70) for word in ("-map", "0:a")), "-c", "copy",
           many)  # fmt: skip
    with pytest.raises(InputError, match=r"many\.mkv has 70 streams, more than the 64 allowed"):
        probed(many)


def test_the_film_takes_its_shape_from_the_first_picture(shop: Workshop) -> None:
    sound, upright, odd = probed(shop("plain.wav")), probed(shop("rot90.mp4")), probed(
        shop("odd.webm")
    )  # fmt: skip
    film = film_format([sound, upright, odd])
    assert (film.width, film.height, film.frame_rate) == (180, 320, "30/1")
    assert film.duration == sound.duration + upright.duration + odd.duration
    assert (film.has_audio, film.has_video, film.name) == (True, True, "plain")
    assert (film_format([odd]).width, film_format([odd]).height) == (320, 180)
    alone = film_format([sound])
    assert (alone.width, alone.height, alone.frame_rate) == (1920, 1080, "30/1")
    with pytest.raises(InputError, match="No input was given"):
        film_format([])


def test_a_sound_codec_that_nobody_knows_is_told_and_the_picture_kept(tmp_path: Path) -> None:
    """An FLV whose sound tags name codec 12, which was never given to any."""
    path = tmp_path / "unknown.flv"
    ffmpeg(*lavfi(PICTURE, TONE), "-t", "1", "-c:v", "flv", "-c:a", "mp3", path)
    data = bytearray(path.read_bytes())
    place = 13
    while place + 15 < len(data):
        kind, size = data[place], int.from_bytes(data[place + 1 : place + 4], "big")
        if kind == 8:
            data[place + 11] = 0xC0 | data[place + 11] & 0x0F
        place += 11 + size + 4
    path.write_bytes(data)
    file = probe(path, "0" * 64)
    assert file.video is not None
    assert file.audio == ()
    assert any("nothing that can be decoded" in note for note in file.notes)


def test_a_folder_for_films_that_cannot_be_one_is_refused_before_any_work(tmp_path: Path) -> None:
    file = tmp_path / "films"
    file.write_text("not a folder")
    for folder in (file, file / "deeper"):
        with pytest.raises(InputError, match="films is a file; name a folder"):
            check_output(folder)
    check_output(tmp_path / "new" / "deeper")
    assert [path.name for path in tmp_path.iterdir()] == ["films"]


def test_a_folder_for_films_that_may_not_be_written_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # what the system says to a user who may not; root, as whom tests may run, always may
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != tmp_path)
    with pytest.raises(FilePermissionError, match="Nothing may be written"):
        check_output(tmp_path / "films")
