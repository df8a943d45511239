#!/bin/sh
# Make a virtual environment in the folder $1 with the oldest Python on PATH that is recent enough, or with $PYTHON.
# One that is there stays as it is, unless it is broken or $PYTHON is another Python.
set -eu

folder=$1

# Say which Python a command is, in a venv that which it was made from; nothing of one that is too old or none at all.
identity() {
    "$1" -c 'import sys; sys.version_info >= (3, 11) and print(sys.version_info[:3], sys.base_prefix)' 2>/dev/null
}

if [ -n "${PYTHON:-}" ]; then
    python=$PYTHON
    wanted=$(identity "$python") || wanted=
    if [ -z "$wanted" ]; then
        echo "make-venv.sh: PYTHON=$PYTHON is no Python 3.11 or later" >&2
        exit 1
    fi
else
    line=$(sh "$(dirname -- "$0")/pythons.sh" | head -n 1)
    python=${line#* }
    wanted=
fi

found=$(identity "$folder/bin/python") || found=
if [ -n "$found" ] && [ "$found" = "${wanted:-$found}" ] && "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
    exit 0
fi
if [ -z "$python" ]; then
    echo "make-venv.sh: no Python 3.11 or later on PATH; install one, or name it: make venv PYTHON=/path/to/python3" >&2
    exit 1
fi
"$python" -m venv --clear "$folder"
