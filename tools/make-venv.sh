#!/bin/sh
# Make a virtual environment in the folder $1 with the first Python on PATH that is recent enough ($PYTHON before all).
set -eu

folder=$1

recent_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

if recent_enough "$folder/bin/python" && "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
    exit 0
fi

for python in "${PYTHON:-}" python3.11 python3 python3.12 python3.13 python3.14; do
    if [ -n "$python" ] && recent_enough "$python"; then
        "$python" -m venv --clear "$folder"
        exit 0
    fi
done

echo "make-venv.sh: no Python 3.11 or later on PATH; install one, or name it: make venv PYTHON=/path/to/python3" >&2
exit 1
