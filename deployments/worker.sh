#!/usr/bin/env bash
# Tells the server that PREFECT_API_URL names what runs here, then works for it.
set -eu
cd "$(dirname "$0")/.."
python -m deployments.registration
exec prefect worker start --pool local
