#!/bin/sh
# Writes the generated Swift and Kotlin code from a built library.
#
#   bindings/generate.sh LIBRARY SWIFT_PACKAGE KOTLIN_SOURCES
#
# LIBRARY         libpaceline.so or .dylib, with its metadata: not stripped further than of debug information
# SWIFT_PACKAGE   the folder of Package.swift, or - for none
# KOTLIN_SOURCES  the root of the generated Kotlin sources, or - for none
#
# Files that would not change are left alone, so that nothing is compiled anew.
set -eu

[ $# -eq 3 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
library=$1 swift=$2 kotlin=$3
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

write() { # LANGUAGE
    mkdir -p "$work/$1"
    cargo run --quiet --manifest-path "$here/bindgen/Cargo.toml" -- generate \
        --language "$1" --no-format --config "$here/bindgen/crates.toml" --out-dir "$work/$1" "$library"
}

put() { # FROM TO
    mkdir -p "$(dirname "$2")"
    cmp -s "$1" "$2" || cp "$1" "$2"
}

if [ "$swift" != - ]; then
    write swift
    put "$work/swift/PacelineCore.swift" "$swift/Sources/PacelineCore/PacelineCore.swift"
    put "$work/swift/PacelineFFI.h" "$swift/Sources/PacelineFFI/PacelineFFI.h"
fi
if [ "$kotlin" != - ]; then
    write kotlin
    put "$work/kotlin/dev/paceline/core/paceline.kt" "$kotlin/dev/paceline/core/paceline.kt"
fi
