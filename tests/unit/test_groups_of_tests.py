"""Tests that share a server must run on one worker: pytest-xdist can forget that in silence."""

from __future__ import annotations

import os

import pytest


@pytest.mark.xdist_group("kept-together")
def test_a_group_reaches_the_scheduler(request: pytest.FixtureRequest) -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("the tests run on one worker")
    assert request.node.nodeid.endswith("@kept-together")
