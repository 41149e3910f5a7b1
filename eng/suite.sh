#!/usr/bin/env bash
# Runs one test suite, shows what it prints, and notes how many tests passed, failed and were skipped.
# Usage: eng/suite.sh NAME COMMAND…   Never fails by itself: eng/total.sh decides at the end.
set -u
name=$1
shift
cd "$(dirname "$0")/.."
results=artifacts/test-results
mkdir -p "$results"
log=$results/$name.log
echo "== $name"
started=$SECONDS
"$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}

# Colours out, then the closing lines of: dotnet test, vitest, node's test runner and our own plain line.
plain=$(sed 's/\x1b\[[0-9;]*m//g' "$log")
sum() { awk '{ n += $1 } END { print n + 0 }'; }
passed=$( { grep -oP '^\s+succeeded: \K\d+' <<<"$plain"; grep -P '^\s+Tests\s' <<<"$plain" | grep -oP '\d+(?= passed)'; grep -oP '^(#|ℹ) pass \K\d+' <<<"$plain"; grep -oP '^\K\d+(?= passed, \d+ failed)' <<<"$plain"; } | sum)
failed=$( { grep -oP '^\s+failed: \K\d+' <<<"$plain"; grep -P '^\s+Tests\s' <<<"$plain" | grep -oP '\d+(?= failed)'; grep -oP '^(#|ℹ) fail \K\d+' <<<"$plain"; grep -oP '^\d+ passed, \K\d+(?= failed)' <<<"$plain"; } | sum)
skipped=$( { grep -oP '^\s+skipped: \K\d+' <<<"$plain"; grep -P '^\s+Tests\s' <<<"$plain" | grep -oP '\d+(?= skipped)'; grep -oP '^(#|ℹ) skipped \K\d+' <<<"$plain"; } | sum)

# A suite that broke without naming a failed test, or ran none at all, is a failure.
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; echo "!! $name ended with status $status" | tee -a "$log"; fi
if [ "$status" -eq 0 ] && [ "$passed" -eq 0 ]; then failed=1; echo "!! $name ran no test" | tee -a "$log"; fi
echo "$passed $failed $skipped" >"$results/$name.counts"
echo "== $name: $passed passed, $failed failed, $skipped skipped in $((SECONDS - started)) s"
exit 0
