#!/usr/bin/env bash
# Adds up what eng/suite.sh noted; its last line is the closing line of a run. Fails when anything failed or nothing ran.
set -u
cd "$(dirname "$0")/../artifacts/test-results" || exit 1
read -r passed failed skipped < <(cat -- *.counts | awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }')
grep -l -vE '^[0-9]+ 0 ' -- *.counts | sed 's/\.counts$//; s/^/Failed suite: /'
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
