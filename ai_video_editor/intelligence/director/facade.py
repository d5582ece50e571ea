"""`AIDirector`: the one way in to a plan, whoever makes it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ai_video_editor.context.inputs import ContentType
from ai_video_editor.context.plan import AIDirectorPlan, BRollOpportunity
from ai_video_editor.intelligence.director.broll import find_broll
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.rules import create_editing_plan
from ai_video_editor.settings import DirectorSettings

if TYPE_CHECKING:  # its models take 0.1 s, which a run without a key need not pay
    from ai_video_editor.intelligence.director.gemini import GeminiDirector


class AIDirector:
    """Makes the plan: by Gemini where one is given, by rules otherwise.

    Args:
        gemini: the model's director; None for the rules.
        settings: how much may be removed.
    """

    def __init__(
        self, gemini: GeminiDirector | None = None, settings: DirectorSettings | None = None
    ) -> None:
        """Keep both."""
        self._gemini = gemini
        self._settings = settings or DirectorSettings()

    async def create_editing_plan(
        self,
        material: Material,
        *,
        pace: str | None = None,
        max_removed_share: float | None = None,
    ) -> AIDirectorPlan:
        """The plan, made in a thread so that the event loop goes on.

        Args:
            material: the analysed recording.
            pace: gentle, normal or tight; the preference where it is None.
            max_removed_share: the setting where it is None.

        Raises:
            APIIntegrationError: Gemini was asked and gave no usable answer.
            InputError: there is no such pace, or no input.
        """
        chosen = self._pace(material, pace)
        share = max_removed_share or self._settings.max_removed_share
        if self._gemini is not None:
            return await asyncio.to_thread(
                self._gemini.create_editing_plan, material, pace=chosen, max_removed_share=share
            )
        return await asyncio.to_thread(
            create_editing_plan, material, pace=chosen, max_removed_share=share
        )

    def _pace(self, material: Material, pace: str | None) -> str:
        return pace or material.preferences.pace


class FinancialVideoEditor(AIDirector):
    """The director's financial style: numbers get time to sink in.

    Where no pace was asked for, pauses of a financial talk are shortened gently.
    """

    def _pace(self, material: Material, pace: str | None) -> str:
        asked = pace or material.preferences.pace
        financial = material.content_type is ContentType.FINANCIAL
        return "gentle" if financial and pace is None and asked == "normal" else asked


class BRollAnalyzer:
    """Finds where a picture says more than the face.

    Args:
        material: the analysed recording.
    """

    def __init__(self, material: Material) -> None:
        """Keep the recording."""
        self._material = material

    def analyze(self, plan: AIDirectorPlan) -> tuple[BRollOpportunity, ...]:
        """Graphics that this cut calls for, in film order; each says why, and how sure it is.

        Args:
            plan: the cut; graphics of its own are not looked at.
        """
        return tuple(find_broll(self._material, plan.time_map())[0])
