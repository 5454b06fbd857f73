#!/bin/sh
# Tests what C sees: the header, the installed library, every function, the scenarios; plainly, under valgrind, and with the
# address and undefined behaviour sanitizers.
#
#   bindings/c/test.sh
#
# PACELINE_LIB_DIR   a folder with a built library (libpaceline.so, libpaceline.a); without it one is built
# CC, CXX            the compilers; cc and c++ when nothing is said
# PACELINE_REQUIRE   all: fail when a tool is missing (valgrind, cmake, pkg-config) instead of naming what was skipped
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
cc=${CC:-cc} cxx=${CXX:-c++}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0

good() {
    passed=$((passed + 1))
    echo "ok: $1"
}

bad() {
    echo "FAILED: $1" >&2
    echo "$passed passed, 1 failed"
    exit 1
}

skipped() {
    [ "${PACELINE_REQUIRE:-}" != all ] || bad "$1"
    echo "skipped: $1"
}

has() {
    command -v "$1" > /dev/null 2>&1
}

# What is committed is what the sources say.
(cd "$root" && cargo run --quiet --package paceline-header -- --verify) || bad 'the header is not what its sources say'
good 'the header is what its sources say'

# Installed, as a user has it.
prefix=$work/prefix
if [ -n "${PACELINE_LIB_DIR:-}" ]; then
    "$here/install.sh" --prefix "$prefix" --libraries "$PACELINE_LIB_DIR"
else
    "$here/install.sh" --prefix "$prefix" --profile dev
fi
flags="-I$prefix/include"
libraries="-L$prefix/lib -lpaceline -lpthread -lm -Wl,-rpath,$prefix/lib"
strict='-pedantic -Wall -Wextra -Werror -g'
tests=$here/tests

# The header, in both languages, from two files.
$cc -std=c99 $strict $flags "$tests/header/one.c" "$tests/header/two.c" $libraries -o "$work/header_c" || bad 'the header as C99'
"$work/header_c" || bad 'the program of two files in C99'
good 'the header is C99, from two files'
$cxx -x c++ -std=c++17 $strict $flags "$tests/header/one.c" "$tests/header/two.c" -x none $libraries -o "$work/header_cxx" ||
    bad 'the header as C++17'
"$work/header_cxx" || bad 'the program of two files in C++17'
good 'the header is C++17, from two files'
$cc -std=c99 -Wall $flags -c "$tests/header/deprecated.c" -o "$work/deprecated.o" 2> "$work/warnings"
[ "$(grep -c 'Wdeprecated-declarations' "$work/warnings")" -eq "$(grep -c '^PACELINE_DEPRECATED(' "$prefix/include/paceline.h")" ] ||
    bad 'a compiler does not warn of everything that is deprecated'
good 'a compiler warns of what is deprecated'

# Every function is exported, and tested somewhere.
sed -n 's/^.*[ *]\(paceline_[a-z0-9_]*\)(.*/\1/p' "$prefix/include/paceline.h" | grep -v 'paceline_batch_put' | sort -u > "$work/functions"
nm -D --defined-only "$prefix/lib/libpaceline.so" | awk '{ print $3 }' | sort > "$work/symbols"
grep -v -e '^paceline_' -e '^uniffi_' -e '^ffi_paceline_' -e '^UNIFFI_META_' "$work/symbols" > "$work/strangers" || true
[ ! -s "$work/strangers" ] || bad "the library exports $(head -n 3 "$work/strangers" | tr '\n' ' ')"
good 'the library exports nothing but its own'
inline=$(sed -n 's/^static inline .*[ *]\(paceline_[a-z0-9_]*\)(.*/\1/p' "$prefix/include/paceline.h")
for function in $(cat "$work/functions"); do
    grep -q "\b$function(" "$tests"/functions/*.c "$tests"/scenarios/*.c || bad "$function is tested nowhere"
    case " $(echo $inline) " in
        *" $function "*) ;;
        *) grep -q "^$function\$" "$work/symbols" || bad "$function is not exported" ;;
    esac
done
grep '^paceline_' "$work/symbols" | while read -r symbol; do
    grep -q "^$symbol\$" "$work/functions" || { echo "$symbol is in no header" >&2; exit 1; }
done || bad 'the library exports what the header does not name'
good "all $(wc -l < "$work/functions") functions are exported and tested"

# The examples, built as the papers say.
export LD_LIBRARY_PATH="$prefix/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
sed -n '/^```text$/,/^```$/p' "$root/docs/first-session.md" | sed '1d;/^```$/,$d' > "$work/first.expected"
if has pkg-config; then
    (
        export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
        cd "$here/examples"
        $cc first_session.c $(pkg-config --cflags --libs paceline) -o "$work/first_session"
        $cc first_session.c $(pkg-config --cflags paceline) "$prefix/lib/libpaceline.a" \
            $(pkg-config --static --libs-only-l paceline | sed 's/-lpaceline//') -o "$work/first_session_static"
    ) || bad 'your first session, built in one line'
    for program in first_session first_session_static; do
        "$work/$program" > "$work/first.out" || bad "$program"
        diff "$work/first.expected" "$work/first.out" || bad "$program prints something else than docs/first-session.md"
    done
    good 'your first session, in one line with pkg-config, shared and static'
else
    skipped 'pkg-config is missing'
fi
if has cmake; then
    cmake -S "$tests/cmake" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_COMPILER="$cc" > "$work/cmake.log" &&
        cmake --build "$work/cmake" >> "$work/cmake.log" || { cat "$work/cmake.log"; bad 'your first session with CMake'; }
    for program in shared_session static_session; do
        "$work/cmake/$program" | diff "$work/first.expected" - || bad "$program, built with CMake"
    done
    good 'your first session with CMake, shared and static'
else
    skipped 'cmake is missing'
fi
$cc -std=c99 $strict $flags "$tests/shared_store.c" $libraries -o "$work/shared_store" || bad 'shared_store'
"$work/shared_store" record "$work/shared.store" && "$work/shared_store" record "$work/shared.store" || bad 'shared_store record'
line='running outdoor start=1700000000000000 end=1700000060000000 duration=50000000 events=2 heartRate count=51 average=135250 minimum=120000 maximum=149500 recorder=c'
printf '%s\n%s\n' "$line" "$line" > "$work/shared.expected"
"$work/shared_store" read "$work/shared.store" | diff "$work/shared.expected" - || bad 'shared_store read'
good 'a store file is written and read'

# All functions, and all scenarios.
build() { # SUFFIX FLAGS...
    suffix=$1
    shift
    $cc -std=c99 $strict "$@" -DVECTORS="\"$root/tests/vectors\"" $flags "$tests"/functions/*.c $libraries -o "$work/functions_$suffix" &&
        $cc -std=c99 $strict "$@" $flags "$tests"/scenarios/*.c $libraries -o "$work/scenarios_$suffix" || bad "building the tests ($suffix)"
}
run() { # SUFFIX COMMAND...
    suffix=$1
    shift
    "$@" "$work/functions_$suffix" || bad "the functions ($suffix $*)"
    good "the functions ($suffix $*)"
    "$@" "$work/scenarios_$suffix" "$root"/tests/conformance/*.scenario || bad "the scenarios ($suffix $*)"
    good "the scenarios ($suffix $*)"
}
build plain
run plain
if has valgrind; then
    run plain valgrind --quiet --leak-check=full --errors-for-leak-kinds=definite,indirect --error-exitcode=1
else
    skipped 'valgrind is missing'
fi
if echo 'int main(void) { return 0; }' | $cc -fsanitize=address,undefined -x c - -o "$work/probe" 2> /dev/null && "$work/probe"; then
    build sanitized -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
    run sanitized
else
    skipped 'the compiler has no sanitizers'
fi
echo "$passed passed, 0 failed"
