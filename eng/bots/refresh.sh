#!/bin/sh
# Writes crawlers.txt anew from the npm package crawler-user-agents. Usage: eng/bots/refresh.sh [version]
set -eu
version="${1:-1.60.0}"
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack "crawler-user-agents@$version" >/dev/null 2>&1
tar xzf ./*.tgz
VERSION="$version" node - > "$here/crawlers.txt" <<'JS'
const list = require('./package/crawler-user-agents.json')
// Programs that are told to send, and automated browsers, are not crawlers that strayed onto a page.
const left = new Set(['http-library', 'browser-automation'])
console.log(`# Regular expressions of crawlers' user agents, from the npm package crawler-user-agents ${process.env.VERSION},
# without those it tags ${[...left].join(' and ')}. Made by refresh.sh; do not edit.
# The MIT License, Copyright (c) 2017 Martin Monperrus and contributors; the text is in LICENSE.`)
for (const { pattern, tags = [] } of list) if (!tags.some((t) => left.has(t))) console.log(pattern)
JS
cp package/LICENSE "$here/LICENSE"
