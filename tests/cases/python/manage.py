"""Stands for Django's: collectstatic, which reads settings, and these demand a key."""

import hashlib
import os
import pathlib
import sys

KEY = os.environ["SECRET_KEY"]


def collectstatic() -> None:
    """Copy each file under its own name, and under one with a digest, as ManifestStaticFilesStorage does."""
    print("asked: collectstatic with", os.environ["DJANGO_SETTINGS_MODULE"], KEY, file=sys.stderr)
    target = pathlib.Path("staticfiles")
    target.mkdir()
    for file in pathlib.Path("static").iterdir():
        content = file.read_bytes()
        digest = hashlib.md5(content, usedforsecurity=False).hexdigest()[:12]
        for name in (file.name, f"{file.stem}.{digest}{file.suffix}"):
            (target / name).write_bytes(content)


if sys.argv[1:] == ["collectstatic", "--noinput"]:
    collectstatic()
else:
    sys.exit(f"unknown command: {sys.argv[1:]}")
