#!/bin/sh
# Run the unit and law tests on the newest and on the lowest versions that pyproject.toml admits, on the oldest and on
# the newest Python that is installed, each in an environment of its own. $1 is the program uv, $2 how many processes.
#
# The tests of `make test` run on what is locked; here shows early what next year's lock would bring, and whether the
# lower bounds are true. Lowest is what pyproject.toml names itself; what that in turn needs is the newest.
set -eu
cd -- "$(dirname -- "$0")/.."

uv=$1
workers=$2
where=.venv-newest

pythons=$(sh tools/pythons.sh)
chosen=$(printf '%s\n' "$pythons" | sed -n '1p;$p' | uniq)

# $1 version of Python, $2 its program, $3 highest or lowest-direct
run() {
    folder=$where/$1-$3
    "$uv" pip compile --quiet --python-version "$1" --resolution "$3" --only-binary :all: --no-header --no-annotate \
        --upgrade --extra test --output-file "$folder.txt" pyproject.toml &&
        "$uv" venv --quiet --clear --python "$2" "$folder" &&
        "$uv" pip install --quiet --python "$folder/bin/python" --requirement "$folder.txt" &&
        "$uv" pip install --quiet --python "$folder/bin/python" --no-deps --editable . &&
        # Tests that need the tools of the extra `prove` are skipped here, as they are for whoever lacks those.
        env -u CI "$folder/bin/python" -m pytest -q -p no:cacheprovider -n "$workers" tests/unit tests/laws
}

mkdir -p "$where"
failed=0
while read -r version python; do
    for resolution in lowest-direct highest; do
        log=$where/$version-$resolution.log
        if run "$version" "$python" "$resolution" >"$log" 2>&1 </dev/null; then
            echo "test-newest: Python $version, $resolution versions: green"
        else
            # Set off, so that no line of it is taken for the end of another run of the tests.
            tail -n 60 "$log" | sed 's/^/    | /'
            echo "test-newest: Python $version, $resolution versions: FAILED, all of it in $log"
            failed=1
        fi
    done
done <<END
$chosen
END
exit "$failed"
