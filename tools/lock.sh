#!/bin/sh
# Write locks/ anew with the newest releases that pyproject.toml admits: exact versions and hashes for every Python and
# platform that the project supports, in the form of pip's requirements. $1 is the program uv, $2 a Python.
#
# locks/runtime.txt is what chuoigen runs on and what builds it; locks/tests.txt is that and the extras.
set -eu
cd -- "$(dirname -- "$0")/.."

uv=$1
python=$2

# The build is locked too: an install that resolves its builder for itself is green until that builder changes.
builders() {
    "$python" -c '
import tomllib
with open("pyproject.toml", "rb") as file:
    print(*tomllib.load(file)["build-system"]["requires"], sep="\n")'
}

# One resolution for all Pythons, with markers; wheels alone, since a source would be built by whatever is newest then.
# The index that this machine reads is nobody else's business: uv writes it only where it is asked to.
resolve() {
    output=$1
    shift
    builders | "$uv" pip compile --quiet --universal --upgrade --python-version 3.11 --only-binary :all: \
        --generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links \
        --custom-compile-command 'make lock' --output-file "$output" "$@" pyproject.toml -
}

mkdir -p locks
resolve locks/tests.txt --all-extras
resolve locks/runtime.txt --constraint locks/tests.txt

# The versions in locks/node/package.json are facts of the recipe node; only what they hold is looked up.
if command -v npm >/dev/null 2>&1; then
    npm install --prefix locks/node --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit \
        --no-fund
fi
