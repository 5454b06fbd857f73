#!/bin/sh
# Builds the library and lays it out for C: header, shared and static library, pkg-config, CMake.
#
#   bindings/c/install.sh --prefix DIR [--profile release|dev] [--libraries DIR] [--system-sqlite]
#
# --prefix         where lib/ and include/ go
# --profile        how to build; release when nothing is said
# --libraries      take the built libpaceline from this folder instead of building it
# --system-sqlite  link the system's SQLite instead of carrying one
set -eu

usage() {
    sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
    exit 2
}

prefix='' profile=release libraries='' sqlite=bundled
while [ $# -gt 0 ]; do
    case $1 in
        --prefix) prefix=${2:?} && shift 2 ;;
        --profile) profile=${2:?} && shift 2 ;;
        --libraries) libraries=${2:?} && shift 2 ;;
        --system-sqlite) sqlite=system && shift ;;
        *) usage ;;
    esac
done
[ -n "$prefix" ] || usage
mkdir -p "$prefix"
prefix=$(cd "$prefix" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

case $(uname -s) in
    Darwin) shared=libpaceline.dylib built=libpaceline_bundle.dylib ;;
    *) shared=libpaceline.so built=libpaceline_bundle.so ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -z "$libraries" ]; then
    features=''
    [ "$sqlite" = bundled ] || features=--no-default-features
    (cd "$root" && cargo build --package paceline-bundle --profile "$profile" $features)
    folder=$profile
    [ "$profile" != dev ] || folder=debug
    target=${CARGO_TARGET_DIR:-$root/target}
    libraries=$target/$folder
    # What cargo names after the crate is new; a file of the right name may be an older copy.
    own='' own_static=''
else
    own=$shared own_static=libpaceline.a
fi
find_library() {
    for name in "$@"; do
        if [ -f "$libraries/$name" ]; then
            echo "$libraries/$name"
            return
        fi
    done
    echo "no libpaceline in $libraries" >&2
    return 1
}
shared_from=$(find_library $own "$built")
static_from=$(find_library $own_static libpaceline_bundle.a)

# What a program must link besides the static library: asked of the compiler, once, with an empty crate.
: > "$work/empty.rs"
natives=$(cd "$root" && rustc --crate-type staticlib --print native-static-libs --out-dir "$work" "$work/empty.rs" 2>&1 |
    sed -n 's/^note: native-static-libs: //p')
requires=''
if [ "$sqlite" = system ]; then
    requires=sqlite3
fi
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -n 1)

fill() { # FROM TO
    cmake_natives=$natives
    [ "$sqlite" = bundled ] || cmake_natives="-lsqlite3 $natives"
    case $2 in
        *.cmake) links=$(echo "$cmake_natives" | sed 's/ *$//; s/  */;/g') ;;
        *) links=$natives ;;
    esac
    sed -e "s|@prefix@|$prefix|g" -e "s|@version@|$version|g" -e "s|@shared@|$shared|g" \
        -e "s|@requires_private@|$requires|g" -e "s|@libs_private@|$links|g" "$here/packaging/$1" > "$2"
}

mkdir -p "$prefix/include" "$prefix/lib/pkgconfig" "$prefix/lib/cmake/Paceline"
cp "$root/include/paceline.h" "$prefix/include/"
cp "$shared_from" "$prefix/lib/$shared"
cp "$static_from" "$prefix/lib/libpaceline.a"
fill paceline.pc.in "$prefix/lib/pkgconfig/paceline.pc"
fill PacelineConfig.cmake.in "$prefix/lib/cmake/Paceline/PacelineConfig.cmake"
fill PacelineConfigVersion.cmake.in "$prefix/lib/cmake/Paceline/PacelineConfigVersion.cmake"
echo "Paceline $version is installed in $prefix"
