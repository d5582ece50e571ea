"""Recordings with something odd about them, each made by one ffmpeg command."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from ai_video_editor.media.ffmpeg import ffmpeg_path

PICTURE = "testsrc2=size=320x180:rate=30:duration=3"
TONE = "sine=440:sample_rate=48000:duration=3"
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")


def ffmpeg(*arguments: str | Path) -> None:
    """Run one command and show why it failed."""
    command = [ffmpeg_path(), "-v", "error", "-y", "-nostdin", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")


def lavfi(*sources: str) -> list[str]:
    return [word for source in sources for word in ("-f", "lavfi", "-i", source)]


class Workshop:
    """Makes each odd input once and remembers where it lies."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made: dict[str, Path] = {}

    def __call__(self, name: str) -> Path:
        if name not in self._made:
            target = self.folder / name
            RECIPES[name](self, target)
            self._made[name] = target
        return self._made[name]

    @property
    def base(self) -> Path:
        return self("base.mp4")

    def copy(self, target: Path, *before: str, after: tuple[str, ...] = ()) -> None:
        ffmpeg(*before, "-i", self.base, "-c", "copy", *after, target)


Recipe = Callable[[Workshop, Path], None]
RECIPES: dict[str, Recipe] = {}


def recipe(*names: str) -> Callable[[Recipe], Recipe]:
    def add(make: Recipe) -> Recipe:
        RECIPES.update(dict.fromkeys(names, make))
        return make

    return add


def encoded(name: str, *sources: str, options: tuple[str, ...] = X264) -> None:
    RECIPES[name] = lambda _, target: ffmpeg(*lavfi(*sources), *options, target)


def remuxed(name: str, *before: str, after: tuple[str, ...] = ()) -> None:
    RECIPES[name] = lambda shop, target: shop.copy(target, *before, after=after)


def resounded(name: str, *options: str) -> None:
    """The base with its sound filtered or encoded anew."""
    RECIPES[name] = lambda shop, target: ffmpeg(
        "-i", shop.base, *options, "-map", "0:v", "-c:v", "copy", target
    )


encoded("base.mp4", PICTURE, TONE, options=(*X264, "-g", "30", "-c:a", "aac"))

# Time
encoded(
    "two_rates.mp4",
    PICTURE,
    TONE,
    options=(
        "-vf", "select='if(lt(t,1.5),1,not(mod(n,5)))'", "-fps_mode", "vfr", *X264, "-c:a", "aac",
    ),
)  # fmt: skip
encoded(
    "jitter.mp4",
    PICTURE,
    TONE,
    options=(
        "-vf", "settb=1/90000,setpts='PTS+(random(1)-0.5)*1500'", "-fps_mode", "passthrough",
        "-enc_time_base", "1/90000", *X264, "-bf", "0", "-c:a", "aac",
    ),
)  # fmt: skip
encoded(
    "swing.mp4",
    "color=black:size=320x240:duration=2:rate=1",
    "color=gray:size=320x240:duration=2:rate=60",
    "color=white:size=320x240:duration=2:rate=1",
    options=("-filter_complex", "[0][1][2]concat=n=3", "-fps_mode", "vfr", *X264),
)
for ntsc, rate in (("ntsc.mp4", "30000/1001"), ("film.mp4", "24000/1001"), ("fast.mp4", "120")):
    encoded(ntsc, f"testsrc2=size=320x180:rate={rate}:duration=2")
remuxed("offset.ts", after=("-output_ts_offset", "1000", "-muxdelay", "0"))
remuxed("editlist.mp4", "-ss", "0.7", after=("-avoid_negative_ts", "disabled"))
remuxed("frag.mp4", after=("-movflags", "+frag_keyframe+empty_moov+default_base_moof"))
remuxed("timecode.mov", after=("-timecode", "01:00:00:00"))
remuxed("gap.mkv", after=("-bsf:a", "noise=drop='between(n,40,90)'"))
encoded(
    "bframes.mp4",
    PICTURE,
    options=("-c:v", "libx264", "-bf", "8", "-x264-params", "open-gop=1:keyint=300",
             "-pix_fmt", "yuv420p"),
)  # fmt: skip
encoded("onegop.mp4", PICTURE, options=(*X264, "-g", "9999", "-sc_threshold", "0"))
encoded(
    "bframes.avi", PICTURE, TONE, options=("-c:v", "mpeg4", "-bf", "2", "-c:a", "mp3", "-q:v", "5")
)
remuxed("plain.flv")
remuxed("plain.ts")
remuxed("plain.mkv")


@recipe("audio_late.mp4")
def _audio_late(shop: Workshop, target: Path) -> None:
    ffmpeg("-i", shop.base, "-itsoffset", "0.5", "-i", shop.base, "-map", "0:v", "-map", "1:a",
           "-c", "copy", target)  # fmt: skip


@recipe("video_late.mkv")
def _video_late(shop: Workshop, target: Path) -> None:
    ffmpeg("-itsoffset", "1.5", "-i", shop.base, "-i", shop.base, "-map", "0:v", "-map", "1:a",
           "-c", "copy", target)  # fmt: skip


@recipe("no_duration.mkv")
def _no_duration(shop: Workshop, target: Path) -> None:
    # Written to a pipe the muxer cannot go back and fill the duration in.
    made = subprocess.run(
        [ffmpeg_path(), "-v", "error", "-i", str(shop.base), "-c", "copy", "-f", "matroska", "-"],
        capture_output=True,
        check=True,
    )
    target.write_bytes(made.stdout)


@recipe("joined.ts")
def _joined(shop: Workshop, target: Path) -> None:
    small, large = target.with_suffix(".small.ts"), target.with_suffix(".large.ts")
    ffmpeg(*lavfi(PICTURE, TONE), *X264, "-c:a", "aac", small)
    ffmpeg(*lavfi(PICTURE.replace("320x180", "640x360"), TONE), *X264, "-c:a", "aac", large)
    target.write_bytes(small.read_bytes() + large.read_bytes())


# Picture
for turn in ("90", "180", "270"):
    remuxed(f"rot{turn}.mp4", "-display_rotation", turn)
remuxed("flip.mp4", "-display_hflip")
encoded("odd.webm", "testsrc=size=321x181:rate=30:duration=1", options=("-c:v", "libvpx-vp9",
        "-deadline", "realtime", "-cpu-used", "8", "-pix_fmt", "yuv420p"))  # fmt: skip
_HDR = "colorprim=bt2020:transfer={}:colormatrix=bt2020nc:log-level=none"
for hdr, transfer in (("hdr10.mp4", "smpte2084"), ("hlg.mp4", "arib-std-b67")):
    encoded(
        hdr,
        "testsrc2=size=320x180:rate=30:duration=0.5",
        options=("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", _HDR.format(transfer),
                 "-pix_fmt", "yuv420p10le", "-tag:v", "hvc1"),
    )  # fmt: skip
encoded(
    "hev1.mp4",
    "testsrc2=size=320x180:rate=30:duration=0.5",
    options=("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none",
             "-pix_fmt", "yuv420p", "-tag:v", "hev1"),
)  # fmt: skip
_HALF = "testsrc2=size=320x180:rate=30:duration=0.5"
encoded("deep422.mp4", _HALF, options=("-c:v", "libx264", "-pix_fmt", "yuv422p10le"))
encoded("prores.mov", _HALF, options=("-c:v", "prores_ks", "-profile:v", "4444", "-pix_fmt",
        "yuva444p10le"))  # fmt: skip
encoded("grey.mp4", _HALF, options=("-c:v", "libx264", "-pix_fmt", "gray"))
encoded("full_range.mp4", _HALF, options=("-vf", "scale=out_range=full", "-color_range", "pc",
        *X264))  # fmt: skip
encoded("alpha.webm", "testsrc2=size=320x180:duration=0.5,format=yuva420p",
        options=("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"))  # fmt: skip
encoded(
    "inter.mp4",
    "testsrc2=size=360x288:rate=50:duration=1",
    options=("-vf", "tinterlace=interleave_top,setfield=tff", "-c:v", "libx264", "-flags",
             "+ilme+ildct", "-x264opts", "tff=1", "-pix_fmt", "yuv420p"),
)  # fmt: skip
encoded("sar.mp4", "testsrc2=size=360x240:rate=30000/1001:duration=1",
        options=("-vf", "setsar=32/27", *X264))  # fmt: skip
encoded("upright.mp4", "testsrc2=size=180x320:rate=30:duration=1")
encoded("tiny.mp4", "testsrc2=size=16x16:rate=30:duration=1")
encoded("black.mp4", "color=black:size=320x180:rate=30:duration=1")
encoded("too_small.mp4", "testsrc2=size=8x8:rate=30:duration=1")
encoded("one_frame.mp4", "testsrc2=size=320x180:rate=30:duration=1",
        options=("-frames:v", "1", *X264))  # fmt: skip
encoded("tenth.mp4", "testsrc2=size=320x180:rate=30:duration=0.1")
encoded("too_large.mp4", "color=gray:size=8320x32:rate=5:duration=0.4")
remuxed("damaged.mkv", after=("-bsf:v", "noise=amount='if(between(n,40,50),200,0)'"))
remuxed("mostly_damaged.mkv", after=("-bsf:v", "noise=amount=500"))
remuxed("ruined.mkv", after=("-bsf:v", "noise=amount=3"))

# Sound
remuxed("no_audio.mp4", after=("-an",))
remuxed("audio_only.mp4", after=("-vn",))
remuxed("audio_first.mp4", after=("-map", "0:a", "-map", "0:v"))
remuxed("failing_audio.mkv", after=("-bsf:a", "noise=amount=5"))
encoded("silent.mp4", PICTURE, "anullsrc=r=48000:cl=stereo",
        options=("-shortest", *X264, "-c:a", "aac"))  # fmt: skip
encoded(
    "multi.mp4",
    PICTURE,
    TONE,
    "sine=880:sample_rate=48000:duration=3",
    "anoisesrc=d=3:a=0.1:r=48000",
    options=("-map", "0", "-map", "1", "-map", "2", "-map", "3", *X264, "-c:a", "aac",
             "-disposition:a:1", "default", "-disposition:a:0", "0"),
)  # fmt: skip
resounded("surround.mp4", "-filter_complex",
          "[0:a]pan=5.1|FC=c0|FL=0.05*c0|FR=0.05*c0|LFE=0*c0|BL=0*c0|BR=0*c0[a]", "-map", "[a]",
          "-c:a", "aac")  # fmt: skip
resounded("one_sided.mp4", "-filter_complex", "[0:a]pan=stereo|c0=c0|c1=0*c0[a]", "-map", "[a]",
          "-c:a", "aac")  # fmt: skip
resounded("opposed.mp4", "-filter_complex", "[0:a]pan=stereo|c0=c0|c1=-1*c0[a]", "-map", "[a]",
          "-c:a", "aac")  # fmt: skip
resounded("telephone.mp4", "-map", "0:a", "-ac", "1", "-ar", "8000", "-c:a", "aac")
resounded("deep_sound.mov", "-map", "0:a", "-ar", "44100", "-c:a", "pcm_s24le")
resounded("clipped.mp4", "-map", "0:a", "-af", "volume=40dB", "-c:a", "aac")
resounded("quiet.mp4", "-map", "0:a", "-af", "volume=-45dB", "-c:a", "aac")
encoded("short_audio.mp4", PICTURE, "sine=440:sample_rate=48000:duration=1.5",
        options=(*X264, "-c:a", "aac"))  # fmt: skip
encoded("long_audio.mp4", "testsrc2=size=320x180:rate=30:duration=1.5", TONE,
        options=(*X264, "-c:a", "aac"))  # fmt: skip
encoded("plain.wav", TONE, options=())
encoded("plain.flac", TONE, options=())
encoded("plain.m4a", TONE, options=("-c:a", "aac"))
encoded("plain.ogg", TONE, options=("-c:a", "libvorbis"))
encoded("hours.mp4", "color=gray:size=64x36:rate=1:duration=14400",
        "anullsrc=r=8000:cl=mono:d=14400",
        options=(*X264, "-c:a", "aac", "-b:a", "8k"))  # fmt: skip


@recipe("cover.mp4", "cover.mp3")
def _cover(shop: Workshop, target: Path) -> None:
    cover = shop.folder / "cover.jpg"
    ffmpeg(*lavfi("color=red:size=300x300"), "-frames:v", "1", cover)
    if target.suffix == ".mp3":
        ffmpeg("-i", shop.base, "-i", cover, "-map", "0:a", "-map", "1", "-c:a", "libmp3lame",
               "-c:v", "copy", "-disposition:v", "attached_pic", target)  # fmt: skip
    else:
        ffmpeg("-i", shop.base, "-i", cover, "-map", "0", "-map", "1", "-c", "copy",
               "-disposition:v:1", "attached_pic", target)  # fmt: skip


@recipe("still_with_sound.mp4")
def _still_with_sound(shop: Workshop, target: Path) -> None:
    ffmpeg("-i", shop.base, *lavfi("color=red:size=320x180:rate=25:duration=0.04"), "-map", "1:v",
           "-map", "0:a", *X264, "-c:a", "copy", target)  # fmt: skip


@recipe("subs.mp4", "subs.mkv")
def _subtitled(shop: Workshop, target: Path) -> None:
    script = shop.folder / "s.srt"
    script.write_text("1\n00:00:00,500 --> 00:00:01,500\nHello\n", encoding="utf-8")
    more = (
        ("-c:s", "mov_text")
        if target.suffix == ".mp4"
        else ("-c:s", "srt", "-attach", str(script), "-metadata:s:t", "mimetype=text/plain")
    )
    ffmpeg("-i", shop.base, "-i", script, "-map", "0", "-map", "1", "-c", "copy", *more, target)


# Not what they seem
@recipe("truncated.mp4")
def _truncated(shop: Workshop, target: Path) -> None:
    whole = shop.base.read_bytes()
    target.write_bytes(whole[: len(whole) * 6 // 10])


@recipe("truncated_behind_moov.mp4")
def _truncated_behind_moov(shop: Workshop, target: Path) -> None:
    front = target.with_suffix(".front.mp4")
    shop.copy(front, after=("-movflags", "+faststart"))
    whole = front.read_bytes()
    target.write_bytes(whole[: len(whole) * 6 // 10])


@recipe("zero.mp4")
def _zero(_: Workshop, target: Path) -> None:
    target.write_bytes(b"")


@recipe("text.mp4")
def _text(_: Workshop, target: Path) -> None:
    target.write_text("hi, I am no film\n", encoding="utf-8")


@recipe("png.mp4", "jpeg.mp4", "gif.mp4")
def _still(_: Workshop, target: Path) -> None:
    codec = {"png": "png", "jpeg": "mjpeg", "gif": "gif"}[target.stem]
    muxer = "gif" if codec == "gif" else "image2"
    ffmpeg(*lavfi("color=red:size=64x64:duration=0.1"), "-frames:v", "1", "-c:v", codec,
           "-update", "1", "-f", muxer, target) if muxer == "image2" else ffmpeg(
        *lavfi("color=red:size=64x64:duration=0.1"), "-f", muxer, target)  # fmt: skip


@recipe("noise.mp4")
def _noise(_: Workshop, target: Path) -> None:
    target.write_bytes(bytes((number * 7919) % 251 for number in range(5000)))


@recipe("only_subtitles.mkv")
def _only_subtitles(shop: Workshop, target: Path) -> None:
    ffmpeg("-i", shop("subs.mkv"), "-map", "0:s", "-c", "copy", target)


@recipe("playlist.mp4")
def _playlist(shop: Workshop, target: Path) -> None:
    target.write_text(
        f"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n{shop('plain.ts')}\n#EXT-X-ENDLIST\n",
        encoding="utf-8",
    )


@recipe("script.mp4")
def _script(shop: Workshop, target: Path) -> None:
    target.write_text(f"ffconcat version 1.0\nfile '{shop.base}'\n", encoding="utf-8")
