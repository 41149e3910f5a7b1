#!/usr/bin/env bash
# Runs the browser tests against the built program. SIGNAL_PROGRAM=none tests the SDK alone.
set -eu
cd "$(dirname "$0")"
CHROMIUM=$(../../eng/chromium.sh)
export CHROMIUM
[ -f ../../sdk/datafly/dist/manifest.json ] || (cd ../../sdk/datafly && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build)
[ -d node_modules ] || npm ci --no-audit --no-fund --loglevel=error
exec npm test --silent
