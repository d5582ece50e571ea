#!/usr/bin/env bash
# Registers the deployments with the server that PREFECT_API_URL names, then works for it.
set -eu
cd "$(dirname "$0")/.."
prefect --no-prompt work-pool create local --type process --overwrite
prefect --no-prompt deploy --all
exec prefect worker start --pool local
