#!/usr/bin/env bash
# Makes sure that the load generator wrk is there: an installed one, or Debian's package. Needs root (or sudo) only for that.
set -eu
if command -v wrk >/dev/null; then exit 0; fi
if ! command -v apt-get >/dev/null; then
  echo "No wrk was found: install it." >&2
  exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
"${as_root[@]}" apt-get update -qq >&2
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends wrk >&2
