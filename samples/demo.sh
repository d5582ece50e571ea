#!/usr/bin/env bash
# Edits the bundled sample with the tiny Whisper model of the tests: no key, no network.
set -eu
cd "$(dirname "$0")/.."
exec "${1:-.venv/bin/ai-video-editor}" process samples/sample.mp4 \
    --offline --whisper-model tests/data/whisper-fixture --output output
