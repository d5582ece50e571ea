"""The rule-based director: a whole plan with no key and no network, good enough to ship."""

from __future__ import annotations

from collections.abc import Sequence

from ai_video_editor.context.plan import AIDirectorPlan, EditingDecision, Kept, PlanInput
from ai_video_editor.errors import InputError
from ai_video_editor.intelligence.director.broll import find_broll
from ai_video_editor.intelligence.director.cuts import PACES, find_cuts
from ai_video_editor.intelligence.director.emphasis import caption_stress, emphasis_moves
from ai_video_editor.intelligence.director.guard import within_share, without_flicker
from ai_video_editor.intelligence.director.hooks import find_hooks
from ai_video_editor.intelligence.director.lower_thirds import lower_thirds
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.promises import promises
from ai_video_editor.intelligence.director.protected import without_losses
from ai_video_editor.intelligence.director.sound_joins import sound_joins
from ai_video_editor.intelligence.director.structure import find_chapters, metadata_strategy
from ai_video_editor.intelligence.director.transitions import topic_transitions
from ai_video_editor.intelligence.director.zooms import beat_zooms, jump_cut_zooms
from ai_video_editor.intelligence.plan_operations import kept_ranges, merge_cuts, numbered
from ai_video_editor.timebase import TimeMap


def create_editing_plan(
    material: Material, *, pace: str, max_removed_share: float
) -> AIDirectorPlan:
    """The whole plan from the analysis alone.

    Args:
        material: the analysed recording.
        pace: gentle, normal or tight.
        max_removed_share: largest share of the recording that may be cut, 0 to 1.

    Raises:
        InputError: there is no such pace, or there is no input.
    """
    if pace not in PACES:
        raise InputError(f"There is no pace {pace!r}; choose one of {', '.join(PACES)}.")
    if not material.files:
        raise InputError("There is no input to plan for.")
    cuts = merge_cuts(find_cuts(material, PACES[pace]))
    cuts, losses = without_losses(cuts, material)
    cuts = without_flicker(cuts, material)
    cuts, warnings = within_share(cuts, material.duration, max_removed_share)
    return complete(material, cuts, [*losses, *warnings])


def complete(
    material: Material,
    cuts: Sequence[EditingDecision],
    warnings: Sequence[str] = (),
    *,
    director: str = "rules",
) -> AIDirectorPlan:
    """A whole plan around given cuts: framing, chapters, hooks, promises, B-roll, strategy.

    Args:
        material: the analysed recording.
        cuts: removals in order, quantised to the film's frames.
        warnings: what the user should know.
        director: who decided on the cuts.
    """
    durations = [file.duration for file in material.files]
    kept = kept_ranges(durations, cuts, material.rate)
    plan = AIDirectorPlan(
        director=director,
        film_frame_rate=material.metadata.frame_rate,
        inputs=tuple(
            PlanInput(
                path=path,
                sha256=file.sha256,
                duration=file.duration,
                frame_rate=file.video.frame_rate if file.video else material.metadata.frame_rate,
            )
            for file, path in zip(material.files, material.paths, strict=True)
        ),
        kept=kept,
    )
    time_map = plan.time_map()
    hooks = find_hooks(material)
    chapters = find_chapters(material, time_map)
    broll, uncovered = find_broll(material, time_map)
    broll = [*broll, *lower_thirds(material, chapters, time_map, broll)]
    decisions = [*cuts, *_framings(material, kept, time_map)]
    decisions += topic_transitions(material, kept, chapters, time_map)
    decisions += sound_joins(material, kept)
    decisions += caption_stress(material, time_map)
    decisions.sort(key=lambda d: (d.input, d.start, d.end))
    return plan.model_copy(
        update={
            "decisions": tuple(numbered(decisions)),
            "warnings": (*warnings, *uncovered, *_doubts(material)),
            "chapters": tuple(chapters),
            "broll": tuple(broll),
            "hooks": tuple(hooks),
            "thumbnail_concepts": tuple(promises(material, hooks)),
            "metadata_strategy": metadata_strategy(material, hooks),
        }
    )


def _framings(material: Material, kept: Sequence[Kept], time_map: TimeMap) -> list[EditingDecision]:
    if _music(material):
        return beat_zooms(material)
    jumps = jump_cut_zooms(material, kept)
    return [*jumps, *emphasis_moves(material, kept, jumps, time_map)]


def _music(material: Material) -> bool:
    return material.audio is not None and material.audio.kind == "music"


def _doubts(material: Material) -> list[str]:
    if material.audio is None:
        return ["Nothing could be heard, so nothing was cut."]
    return []
