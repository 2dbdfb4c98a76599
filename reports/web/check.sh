#!/bin/sh
# Rebuilds the shell of the HTML report from its sources, twice, and compares the bytes with the committed one; then
# opens reports in Debian's Chromium, where there is one (tests/). Changes nothing in the tree but node_modules.
# Needs node and npm; says in one line what is wrong.
set -eu
cd "$(dirname "$0")"
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
wrong() { echo "reports/web: $1" >&2; exit 1; }

npm ci --silent || wrong "npm ci failed"
npm run --silent check || wrong "the types do not check"
node build.mjs "$made/first.html" > "$made/log"
node build.mjs "$made/second.html" >> "$made/log"
cmp -s "$made/first.html" "$made/second.html" || wrong "two builds of the shell differ"
cmp -s "$made/first.html" dist/shell.html ||
    wrong "dist/shell.html is not what its sources give; run: npm --prefix reports/web run build"
echo "reports/web: dist/shell.html is what its sources give ($(wc -c < dist/shell.html) bytes)"

if [ ! -x "${CHROMIUM:-/usr/bin/chromium}" ]; then
    echo "reports/web: not opened in a browser: no chromium (apt-get install chromium, or CHROMIUM=PATH)"
    exit 0
fi
npm --prefix tests ci --silent || wrong "npm ci failed in tests"
(cd tests && node --test ./*.test.mjs) > "$made/tests" || { grep -E '^not ok|error:|\+   ' "$made/tests" >&2; wrong "the page fails its tests"; }
echo "reports/web: $(sed -n 's/^# pass //p' "$made/tests") browser tests pass"
