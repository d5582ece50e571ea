"""No secret survives redaction, wherever it stands; what is no secret stays readable."""

from __future__ import annotations

import pytest

from ai_video_editor.redaction import Redactor

KEY = "AIzaSyLoopback-0123456789-secret"
ODD = "p@ss word/with+signs"


@pytest.fixture
def redactor() -> Redactor:
    return Redactor(environment={"GEMINI_API_KEY": KEY, "MY_PASSWORD": ODD, "HOME": "/home/ada"})


@pytest.mark.parametrize(
    "text",
    [
        f"the call to https://example.org/v1?key={KEY}&alt=json failed",
        f"x-goog-api-key: {KEY}",
        f"{{'Authorization': 'Bearer {KEY}'}}",
        f"ValueError: API key {KEY} is not valid",
        f"/media/{KEY}/talk.mp4 is not there",
        f"ffmpeg -i 'rtmp://user:{ODD}@host/live'",
        "https://example.org/?q=p%40ss%20word%2Fwith%2Bsigns",
        "https://example.org/?q=p%40ss+word%2Fwith%2Bsigns",
    ],
)
def test_a_known_secret_goes_wherever_it_stands(redactor: Redactor, text: str) -> None:
    told = redactor.text(text)
    assert KEY not in told
    assert ODD not in told
    assert "p%40ss" not in told
    assert "[removed]" in told


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("key AIzaSyD-abcdefghijklmnopqrstuvwxyz12345 refused", "abcdefghijkl"),
        ("GET https://ada:hunter22@example.org/film.mp4", "hunter22"),
        ("https://example.org/x?sig=Zm9vYmFy&size=2", "Zm9vYmFy"),
        ("Authorization: Basic YWRhOmh1bnRlcjIy", "YWRhOmh1bnRlcjIy"),
        ('{"access_token": "0123456789abcdef"}', "0123456789abcdef"),
        ("aws AKIAABCDEFGHIJKLMNOP used", "AKIAABCDEFGHIJKLMNOP"),
        ("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----", "abc"),
        ("password=correcthorse in the file", "correcthorse"),
    ],
)
def test_an_unknown_secret_goes_by_its_shape(redactor: Redactor, text: str, secret: str) -> None:
    assert secret not in redactor.text(text)


def test_homes_are_a_tilde_and_nothing_else_is(redactor: Redactor) -> None:
    assert redactor.text("/home/ada/films/talk.mp4") == "~/films/talk.mp4"
    assert redactor.text("'/home/bob/talk.mp4' and /Users/eve/x") == "'~/talk.mp4' and ~/x"
    assert redactor.text("/srv/home/ada2/x") == "/srv/home/ada2/x"


def test_what_is_no_secret_stays(redactor: Redactor) -> None:
    plain = "Gemini: 3 requests, 4021 tokens, $0.0012; frame 12 of key frame 7; tokens: 4021"
    assert redactor.text(plain) == plain
    once = redactor.text(f"password={ODD} x-api-key: {KEY}")
    assert redactor.text(once) == once


def test_data_loses_what_is_named_like_a_secret(redactor: Redactor) -> None:
    data = {"gemini_api_key": "abc", "deep": [{"note": f"with {KEY}", "size": 3}], "key": KEY}
    told = redactor.data(data)
    assert told["gemini_api_key"] == "[removed]"
    assert told["deep"][0] == {"note": "with [removed]", "size": 3}
    assert told["key"] == "[removed]"
