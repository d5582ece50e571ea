"""A finished project built by hand: two minutes about compound interest, cut and dressed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from PIL import Image, ImageDraw

from ai_video_editor.context.audio import AudioAnalysis, Sentence, Word
from ai_video_editor.context.base import MediaRef, SourceSpan
from ai_video_editor.context.content_context import ContentContext
from ai_video_editor.context.inputs import AudioTrack, ContentType, VideoFile, VideoMetadata
from ai_video_editor.context.outputs import (
    ABPair,
    BRollAsset,
    BRollPackage,
    Caption,
    Check,
    ComposedVideo,
    DeliveredShort,
    DeliveryPackage,
    FilmChapter,
    MetadataPackage,
    MetadataVariation,
    NamedFile,
    Thumbnail,
    ThumbnailPackage,
    Verification,
)
from ai_video_editor.context.plan import (
    STRATEGIES,
    AIDirectorPlan,
    BRollOpportunity,
    ChartData,
    EditingDecision,
    Hook,
    Kept,
    PlanChapter,
    PlanInput,
    PlannedShort,
    ShortsPlan,
    Strategy,
)
from ai_video_editor.context.record import Degradation, ProcessingMetrics, StageRecord
from ai_video_editor.timebase import SourceTime, TimeMap, film_time, source_time

# "{um}" is a filler, "[…]" an abandoned take, a number alone a pause of so many seconds.
SCRIPT = """
Welcome back. {Um} Today I want to show you the quiet force behind almost every fortune. 1.6
It is called compound interest. [It means that your money it means the money] 0.9
It means that your money earns money, and then that money earns money too. 1.2
{Um} Say you put in 500 dollars a month, at 7 percent a year. 0.6
After ten years you have about 87 thousand dollars. 2.1
Not bad. But {you know} wait for it. After thirty years it is more than 600 thousand. 1.9
{Uh} You paid in 180 thousand of that. The rest is growth on growth. 1.4
So why does nobody start early? [Because in your twenties because in] 0.8
Because in your twenties the curve looks flat. It hardly moves, and so you give up. 2.4
The trick is time, not talent. {Um} Ten years earlier is worth more than twice the money. 1.7
Pick one broad index fund with an expense ratio under a quarter of a percent. 1.1
Set up the transfer {uh} once, on the day your salary arrives, and then leave it alone. 1.3
Do not look at it every day. Nobody waters a tree by pulling at it. 2.2
And this is not advice for your case. It is arithmetic, and it is on your side. 1.5
Start small, start today, and let the years do the heavy lifting. 1.2
"""

RATE = "30000/1001"
_WORD = Fraction(34, 100)
_KEPT_PAUSE = Fraction(35, 100)

PICTURES: dict[Strategy, tuple[str, str, str]] = {
    "emotional": ("HE PAID 180K", "#12332a", "#35e09a"),
    "curiosity": ("WHY SO LATE?", "#17305c", "#f6c452"),
    "authority": ("THE 7% CURVE", "#2b1530", "#ff6b5e"),
}


class Shelf:
    """A store in a folder, for tests: files by their hash."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, path: Path) -> MediaRef:
        data = path.read_bytes()
        ref = MediaRef(sha256=hashlib.sha256(data).hexdigest(), suffix=path.suffix, size=len(data))
        path.rename(self.path_of(ref))
        return ref

    def path_of(self, ref: MediaRef) -> Path:
        return self.folder / f"{ref.sha256}{ref.suffix}"

    def blank(self, suffix: str, size: int) -> MediaRef:
        """A reference to a file that nobody opens."""
        name = f"{suffix}{size}".encode()
        return MediaRef(sha256=hashlib.sha256(name).hexdigest(), suffix=suffix, size=size)


Say = Callable[[str], str]
"""Changes every foreign text, so that a test can make all of them hostile."""


def as_said(text: str) -> str:
    return text


class _Recording:
    """Reads `SCRIPT` aloud and notes the time of everything."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.words: list[Word] = []
        self.sentences: list[Sentence] = []
        self.decisions: list[EditingDecision] = []
        self.holes: list[tuple[Fraction, Fraction]] = []
        self.now = Fraction(3, 10)
        self.begun = 0
        self.taken_from: Fraction | None = None
        self.filler_from: Fraction | None = None
        for token in SCRIPT.split():
            self.hear(token)

    def hear(self, token: str) -> None:
        if token[0].isdigit() and "." in token:
            self.pause(Fraction(token))
            return
        if token.startswith("["):
            self.taken_from = self.now
        if token.startswith("{"):
            self.filler_from = self.now
        text = token.strip("[]{}")
        start, self.now = self.now, self.now + _WORD
        self.words.append(
            Word(
                start=source_time(start + Fraction(2, 100)),
                end=source_time(self.now - Fraction(2, 100)),
                text=self.say(text),
                confidence=0.42 if text == "ratio" else 0.93,
                filler=self.filler_from is not None,
            )
        )
        if token.endswith("}") and self.filler_from is not None:
            self.cut("filler", self.filler_from, self.now, "you know" if text == "know" else text)
            self.filler_from = None
        if token.endswith("]") and self.taken_from is not None:
            self.cut("retake", self.taken_from, self.now, "begun again right after")
            self.taken_from = None
        if text[-1] in ".?" and self.taken_from is None:
            self.end_sentence()

    def pause(self, seconds: Fraction) -> None:
        if seconds > Fraction(8, 10):
            middle = self.now + seconds / 2
            half = (seconds - _KEPT_PAUSE) / 2
            self.cut("pause", middle - half, middle + half, "")
        self.now += seconds

    def cut(self, kind: str, start: Fraction, end: Fraction, text: str) -> None:
        reasons = {
            "filler": "Said without meaning; the sentence reads the same without it.",
            "pause": "Longer than 0.8 s and not before a punch line.",
            "retake": "The same sentence is begun again; the later take is complete.",
        }
        self.holes.append((start, end))
        self.decisions.append(
            EditingDecision(
                start=source_time(start),
                end=source_time(end),
                decision_id=f"{kind}-{len(self.decisions) + 1:03}",
                decision_type="cut",
                parameters={"kind": kind, "text": self.say(text)},
                rationale=self.say(reasons[kind]),
                confidence=0.9,
                decided_by="rules",
            )
        )

    def end_sentence(self) -> None:
        members = self.words[self.begun :]
        self.sentences.append(
            Sentence(
                start=members[0].start,
                end=members[-1].end,
                text=" ".join(word.text for word in members),
                first_word=self.begun,
                last_word=len(self.words),
                confidence=0.9,
                question=members[-1].text.endswith("?"),
            )
        )
        self.begun = len(self.words)


def _plan(recording: _Recording, duration: Fraction, path: str, say: Say) -> AIDirectorPlan:
    grid = Fraction(1001, 30000)

    def on_grid(time: Fraction) -> SourceTime:
        return source_time(round(time / grid) * grid)

    edges = [Fraction(0), *(edge for hole in recording.holes for edge in hole), duration]
    kept = tuple(
        Kept(input=0, start=on_grid(start), end=on_grid(end))
        for start, end in zip(edges[::2], edges[1::2], strict=True)
    )
    words = recording.words

    def when(text: str) -> SourceTime:
        return next(w.start for w in words if w.text.strip(".,?") == say(text))

    zoom = EditingDecision(
        start=when("After"),
        end=source_time(when("After") + 3),
        decision_id="zoom-001",
        decision_type="zoom",
        parameters={"scale": 1.12},
        rationale=say("Punch-in on the number that matters."),
        confidence=0.7,
        decided_by="user",
        locked=True,
    )
    back = EditingDecision(
        start=when("Nobody"),
        end=source_time(when("Nobody") + 1),
        decision_id="filler-099",
        decision_type="cut",
        parameters={"kind": "filler", "text": say("Nobody")},
        rationale=say("Sounded like a filler."),
        confidence=0.4,
        decided_by="rules",
        reverted=True,
    )
    return AIDirectorPlan(
        director="rules",
        film_frame_rate=RATE,
        inputs=(PlanInput(path=path, sha256="1" * 64, duration=duration, frame_rate=RATE),),
        kept=kept,
        decisions=(*recording.decisions, zoom, back),
        chapters=(
            PlanChapter(start=source_time(0), title=say("The quiet force")),
            PlanChapter(start=when("Say"), title=say("500 dollars a month")),
            PlanChapter(start=when("So"), title=say("Why nobody starts early")),
            PlanChapter(start=when("Pick"), title=say("What to do today")),
        ),
        broll=(
            BRollOpportunity(
                start=when("After"),
                end=source_time(when("After") + 5),
                opportunity_id="broll-1",
                content_type="chart",
                description=say("Growth of 500 dollars a month at 7 percent"),
                data=ChartData(
                    kind="growth",
                    contribution=500.0,
                    annual_rate=7.0,
                    years=30.0,
                    source_line="as said at 0:27",
                ),
                priority=0.9,
                confidence=0.9,
            ),
        ),
        hooks=(
            Hook(
                text=say("Why does nobody start early?"),
                kind="question",
                start=when("So"),
                end=source_time(when("So") + 2),
                confidence=0.9,
            ),
        ),
        warnings=(say("One pause was kept because a number follows it."),),
    )


def thumbnail_picture(target: Path, text: str, ground: str, ink: str) -> None:
    """A picture of thumbnail size with a headline."""
    from ai_video_editor.look.typography import font

    picture = Image.new("RGB", (1280, 720), ground)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((820, 130, 1240, 800), fill=ink)
    first, _, rest = text.partition(" ")
    for line, y in ((first, 190), (rest, 350)):
        draw.text((70, y), line, font=font("headline", 150), fill="#ffffff")
    picture.save(target, quality=90)


def example(shelf: Shelf, *, say: Say = as_said) -> ContentContext:
    """The finished project; `say` is applied to every text that comes from outside."""
    recording = _Recording(say)
    duration = Fraction(round((recording.now + Fraction(4, 10)) * 1000), 1000)
    name = say("compound interest, take 2.mp4")
    plan = _plan(recording, duration, f"/recordings/{name}", say)
    time_map = plan.time_map()
    chapters = tuple(
        FilmChapter(start=film_time(start), title=chapter.title)
        for chapter in plan.chapters
        if (start := time_map.next_film(chapter.input, chapter.start)) is not None
    )
    thumbnails, variations, pairs = [], [], []
    titles = {
        "emotional": "I Did the Math on Starting Late, and It Hurts",
        "curiosity": "Why Does Nobody Start Early? The Flat Part of the Curve",
        "authority": "Compound Interest Explained: 500 Dollars a Month for 30 Years",
    }
    for strategy in STRATEGIES:
        hook, ground, ink = PICTURES[strategy]
        for variant, suffix in (("a", ""), ("b", "-b")):
            file = shelf.folder / f"{strategy}{suffix}.jpg"
            thumbnail_picture(file, hook, ground if variant == "a" else "#15171c", ink)
            thumbnails.append(
                Thumbnail(
                    strategy=strategy,
                    variant="a" if variant == "a" else "b",
                    image=shelf.keep(file),
                    width=1280,
                    height=720,
                    hook_text=say(hook),
                    background="rings",
                    contrast=9.1,
                )
            )
        variations.append(
            MetadataVariation(
                strategy=strategy,
                title=say(titles[strategy]),
                description=say(f"{titles[strategy]}.\n\nWhat thirty years do to 500 dollars."),
                hook_text=say(hook),
            )
        )
        pairs.append(
            ABPair(
                id=f"pair-{strategy}",
                title=say(titles[strategy]),
                thumbnail=f"thumbnails/{strategy}.jpg",
                hook_text=say(hook),
                hypothesis=say("A number that hurts makes people look for their own."),
            )
        )
    return ContentContext(
        project_id="compound-interest-3f9a1c",
        video_files=(video_file(name, duration),),
        video_metadata=VideoMetadata(
            duration=duration,
            file_size=184_000_000,
            format="mov",
            width=1920,
            height=1080,
            frame_rate=RATE,
            has_audio=True,
            has_video=True,
            name=say("Compound interest, take 2"),
        ),
        content_type=ContentType.FINANCIAL,
        audio_analysis=AudioAnalysis(
            engine="whisper",
            language="en",
            quality=0.91,
            words=tuple(recording.words),
            sentences=tuple(recording.sentences),
        ),
        ai_director_plan=plan,
        editing_decisions=plan.decisions,
        generated_broll=BRollPackage(assets=_assets(plan, time_map, shelf, say)),
        thumbnail_package=ThumbnailPackage(thumbnails=tuple(thumbnails)),
        metadata_variations=MetadataPackage(
            titles=tuple(say(title) for title in titles.values()),
            descriptions=tuple(variation.description for variation in variations),
            tags=tuple(map(say, ("compound interest", "index fund", "start investing", "saving"))),
            hashtags=("#investing", "#compoundinterest"),
            chapters=chapters,
            variations=tuple(variations),
        ),
        composed_video=ComposedVideo(
            film=shelf.blank(".mp4", 41_300_000),
            frames=time_map.frames,
            frame_rate=RATE,
            width=1920,
            height=1080,
            duration=time_map.duration,
            captions=(
                Caption(start=film_time("0.2"), end=film_time("2.5"), lines=(say("Welcome"),)),
                Caption(start=film_time(3), end=film_time(6), lines=(say("Today"), say("I"))),
            ),
        ),
        delivery=DeliveryPackage(
            files=tuple(
                NamedFile(path=path, content=shelf.blank(f".{path.rsplit('.', 1)[-1]}", size))
                for path, size in (
                    ("captions.srt", 2_140),
                    ("description.txt", 903),
                    ("plan.json", 18_400),
                    ("thumbnails/emotional.jpg", 212_000),
                    ("timeline.fcpxml", 9_800),
                    ("video.mp4", 41_300_000),
                )
            ),
            ab_pairs=tuple(pairs),
            verification=verification(time_map.frames),
        ),
        processing_metrics=metrics(say),
    )


def _assets(
    plan: AIDirectorPlan, time_map: TimeMap, shelf: Shelf, say: Say
) -> tuple[BRollAsset, ...]:
    wish = plan.broll[0]
    spans = time_map.range_to_film(wish.input, wish.range)
    return (
        BRollAsset(
            start=film_time(spans[0].start),
            end=film_time(spans[-1].end),
            opportunity_id=wish.opportunity_id,
            clip=shelf.blank(".mov", 880_000),
            placement="full_screen",
            content_type="chart",
            description=say("Growth of 500 dollars a month at 7 percent"),
            method="animated",
        ),
    )


def video_file(name: str, duration: Fraction, *, digest: str = "1") -> VideoFile:
    return VideoFile(
        sha256=digest * 64,
        name=name,
        size=184_000_000,
        container="mov",
        duration=duration,
        start_offset=Fraction(0),
        audio=(
            AudioTrack(
                stream_index=1,
                codec="aac",
                sample_rate=48_000,
                channels=2,
                layout="stereo",
                start=Fraction(0),
                duration=duration,
            ),
        ),
        notes=("The frame rate varies (phone recording); the film runs at 29.97.",),
    )


def verification(frames: int, *, passed: bool = True) -> Verification:
    return Verification(
        passed=passed,
        checks=(
            Check(name="frames", expected=frames, measured=frames, state="passed"),
            Check(
                name="audio_video_offset",
                expected="within 20",
                measured=3.2,
                unit="ms",
                state="passed",
            ),
            Check(
                name="loudness",
                expected=-14.0,
                measured=-14.08 if passed else -19.5,
                unit="LUFS",
                state="passed" if passed else "failed",
                reason="" if passed else "more than 1 LU from the target",
            ),
            Check(
                name="words_of_the_render",
                expected=None,
                measured=None,
                state="skipped",
                reason="the recogniser is not installed",
            ),
        ),
    )


def metrics(say: Say = as_said) -> ProcessingMetrics:
    seconds = {
        "initialization": 1.2,
        "audio_processing": 48.7,
        "video_processing": 21.4,
        "content_analysis": 2.2,
        "research": 0.1,
        "intelligence_layer": 0.6,
        "broll_generation": 14.0,
        "thumbnail_generation": 8.3,
        "metadata_generation": 0.4,
        "video_composition": 61.9,
        "finalization": 9.8,
    }
    return ProcessingMetrics(
        stages=tuple(
            StageRecord(
                stage=stage,
                state="degraded" if stage == "broll_generation" else "done",
                seconds=value,
                reused=stage == "initialization",
                cpu_seconds=None if stage == "initialization" else 1.4 * value,
                peak_memory_mb=None if stage == "initialization" else 600 + 10 * value,
            )
            for stage, value in seconds.items()
        ),
        fallbacks_used=(
            Degradation(
                stage="broll_generation",
                used="still card",
                instead_of="movis",
                reason=say("The system library libEGL is missing: install libegl1."),
            ),
        ),
        seconds=168.4,
    )


def with_shorts(context: ContentContext, *, say: Say = as_said) -> ContentContext:
    """The project with one short beside the film."""
    planned = PlannedShort(
        short_id="short-1", title=say("Why waiting costs"), reasons=(say("It opens well"),),
        start=film_time(5), end=film_time(25), score=0.7,
        spans=(SourceSpan(start=source_time(6), end=source_time(30)),),
    )  # fmt: skip
    short = DeliveredShort(
        planned=planned, film="shorts/short-1.mp4", captions="shorts/short-1.srt", width=720,
        height=1280, duration=Fraction(20), verification=verification(500),
    )  # fmt: skip
    assert context.delivery is not None
    return context.model_copy(
        update={
            "planned_shorts": ShortsPlan(shorts=(planned,)),
            "delivery": context.delivery.model_copy(update={"shorts": (short,)}),
        }
    )
