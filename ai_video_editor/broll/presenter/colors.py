"""The presenter's colours, made of a film's palette so that a brand is worn here too."""

from __future__ import annotations

from dataclasses import dataclass

from ai_video_editor.look.palette import WHITE, Color, Palette


@dataclass(frozen=True)
class FigureColors:
    """What each part is painted with: its own colour, in shade, and in the light.

    Attributes:
        ink: body, head and hands.
        shade: those in shade.
        light: those in the light.
        limb: arms.
        limb_shade: arms in shade.
        accent: collar, cuffs, ears, and what glows on the face.
        accent_shade: those in shade.
        accent_light: those in the light.
        second: the antenna's tip.
        second_shade: it in shade.
        second_light: it in the light.
        face: the dark face.
        face_light: its upper part.
    """

    ink: Color
    shade: Color
    light: Color
    limb: Color
    limb_shade: Color
    accent: Color
    accent_shade: Color
    accent_light: Color
    second: Color
    second_shade: Color
    second_light: Color
    face: Color
    face_light: Color

    @classmethod
    def of(cls, palette: Palette) -> FigureColors:
        """The colours in a palette."""
        p = palette
        return cls(
            ink=p.ink.mix(p.quiet, 0.06),
            shade=p.ink.mix(p.glow.mix(p.quiet, 0.6), 0.75),
            light=p.ink.mix(WHITE, 0.8),
            limb=p.quiet.mix(p.ink, 0.25),
            limb_shade=p.quiet.mix(p.glow, 0.55),
            accent=p.accent,
            accent_shade=p.accent.mix(p.ground, 0.45),
            accent_light=p.accent.mix(WHITE, 0.35),
            second=p.second,
            second_shade=p.second.mix(p.ground, 0.4),
            second_light=p.second.mix(WHITE, 0.4),
            face=p.ground.mix(p.glow, 0.25),
            face_light=p.glow.mix(p.line, 0.5),
        )
