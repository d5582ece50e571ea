#!/usr/bin/env bash
# Registers the deployments with the server that PREFECT_API_URL names, then works for it.
set -eu
cd "$(dirname "$0")/.."
prefect --no-prompt work-pool create local --type process --overwrite
# one render fills a machine; the others wait in this queue, and cost nothing there
prefect --no-prompt work-queue create editing --pool local --limit 1 2>/dev/null || true
prefect --no-prompt deploy --all
exec prefect worker start --pool local
