#!/bin/sh
# Print the Pythons on PATH that chuoigen runs on, one line a version, oldest first: "3.11 /usr/bin/python3.11".
set -eu

for name in python3.11 python3.12 python3.13 python3.14 python3.15 python3; do
    # A name may lead to a program that only says that it is not installed: ask it.
    "$name" -c '
import sys
if sys.version_info >= (3, 11):
    print("%d.%d" % sys.version_info[:2], sys.executable)' 2>/dev/null || true
done | sort -t . -k 1,1n -k 2,2n -s | awk '!seen[$1]++'
