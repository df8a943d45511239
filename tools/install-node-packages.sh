#!/bin/sh
# Install the package managers of Node.js that the tests run, as locks/node says, with their hashes, into a folder.
#
# Their own scripts do not run. Without npm the folder stays away and the tests that need it are skipped; with CI=true
# that is a failure.
set -eu

folder=$1

if ! command -v npm >/dev/null 2>&1; then
    echo "install-node-packages.sh: npm is missing, so yarn and pnpm are not installed" >&2
    [ "${CI:-}" != true ]
    exit
fi
mkdir -p "$folder"
cp locks/node/package.json locks/node/package-lock.json "$folder"
npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error
touch "$folder/.made"
