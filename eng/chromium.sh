#!/usr/bin/env bash
# Makes sure that there is a Chromium for the browser tests and prints where it is.
# Uses $CHROMIUM or an installed one; else installs Debian's package. Needs root (or sudo) only for that.
set -eu
for candidate in "${CHROMIUM:-}" /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; do
  if [ -n "$candidate" ] && [ -x "$candidate" ]; then echo "$candidate"; exit 0; fi
done
if ! command -v apt-get >/dev/null; then
  echo "No Chromium was found: install one and name it in CHROMIUM." >&2
  exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq >&2
"${as_root[@]}" apt-get install -y -qq --no-install-recommends chromium >&2
echo /usr/bin/chromium
