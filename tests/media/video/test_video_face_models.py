"""A face model in our cache is taken where it is one, and named where it is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from ai_video_editor.errors import InputError
from ai_video_editor.video.face_models import cached_face_model, require_face_model


def test_without_a_model_nothing_is_said(tmp_path: Path) -> None:
    assert cached_face_model(tmp_path / "models") == (None, "")


def test_a_cached_file_that_is_no_model_is_passed_over_and_named(tmp_path: Path) -> None:
    (tmp_path / "face_detection_yunet_2023mar.onnx").write_text("no network")
    model, told = cached_face_model(tmp_path)
    assert model is None
    assert "face_detection_yunet_2023mar.onnx is no YuNet model" in told


def test_a_model_that_was_asked_for_and_is_none_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "model.onnx"
    text.write_text("no network")
    with pytest.raises(InputError, match="no YuNet ONNX file"):
        require_face_model(text)
