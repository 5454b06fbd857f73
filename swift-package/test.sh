#!/bin/sh
# Builds the package and all that belongs to it without a warning, and runs its tests and its example.
#
#   PACELINE_LIB_DIR=FOLDER swift-package/test.sh
#
# FOLDER holds libpaceline.so, .dylib or .a; the generated sources are in place (`cargo xtask bindings`). Needs `swift` on the
# PATH. PACELINE_SWIFT_BUILD names another build folder than .build.
set -eu

cd "$(dirname "$0")"
: "${PACELINE_LIB_DIR:?names the folder of libpaceline}"
export PACELINE_LIB_DIR
build=${PACELINE_SWIFT_BUILD:-.build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "swift-package/test.sh: $1" >&2
    exit 1
}

# Warnings are errors here: see Package.swift.
swift build --build-tests --scratch-path "$build"
swift build --scratch-path "$build"
programs=$(swift build --scratch-path "$build" --show-bin-path)

# A run without any test succeeds, too.
swift test --skip-build --scratch-path "$build" >"$work/tests" 2>&1 || { cat "$work/tests"; fail "tests failed"; }
grep -E 'Test run with [1-9][0-9]* tests? passed|scenarios played|✘' "$work/tests" || { cat "$work/tests"; fail "no test was run"; }
grep -q '^[1-9][0-9]* scenarios played' "$work/tests" || fail "no scenario was played"

# What the paper says is what the example prints.
"$programs/FirstSession" >"$work/printed"
sed -n '/^```text$/,/^```$/{/^```/d;p;}' ../docs/first-session.md | head -n "$(wc -l <"$work/printed")" >"$work/expected"
diff "$work/expected" "$work/printed" || fail "FirstSession prints something else than docs/first-session.md"

# Each deprecated member is marked: using it is a warning, and nothing else in the file is one.
swiftc -typecheck -swift-version 6 -I "$programs/Modules" -I Sources/PacelineFFI Tests/deprecated.swift 2>"$work/warnings" ||
    { cat "$work/warnings"; fail "Tests/deprecated.swift does not compile"; }
uses=$(grep -c '// deprecated$' Tests/deprecated.swift)
marked=$(grep -c '^[^ ].*: warning: .* is deprecated' "$work/warnings" || true)
[ "$uses" = "$marked" ] || { cat "$work/warnings"; fail "of $uses deprecated members $marked are marked"; }
echo "FirstSession prints what the paper says; $marked deprecated members are marked"
