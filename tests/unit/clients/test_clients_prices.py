from __future__ import annotations

import tomllib
from importlib.resources import files

from ai_video_editor.clients.loopback_gemini import IMAGE_MODELS, MODELS
from ai_video_editor.settings import Settings


def test_the_default_model_has_a_price_of_its_own() -> None:
    text = files("ai_video_editor.clients").joinpath("data/prices.toml").read_text("utf-8")
    priced = tomllib.loads(text)["models"]
    assert Settings().director.gemini_model in priced
    assert all(len(pair) == 2 and 0 < pair[0] < pair[1] for pair in priced.values())
    assert "Unverified" in text, "until somebody has read the price page itself"


def test_the_loopback_service_knows_the_default_models() -> None:
    assert Settings().director.gemini_model in MODELS
    assert Settings().api.imagen_model in IMAGE_MODELS
