"""Write every generated file of the repository anew, or with --check say which of them are not current."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

# Each generated file outside out/, and the arguments of chuoigen that print it.
PRINTED = {
    "schema/spec.schema.json": ["schema"],
}


def chuoigen(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "chuoigen", *arguments]
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False)


def printed(arguments: list[str]) -> str:
    """Return what a command prints; end here when it fails."""
    done = chuoigen(*arguments)
    if done.returncode != 0:
        sys.exit(f"chuoigen {' '.join(arguments)} gave exit code {done.returncode}")
    return done.stdout


def write(texts: dict[str, str]) -> int:
    for name, text in texts.items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return report(chuoigen("build"))


def check(texts: dict[str, str]) -> int:
    """Return 1 when a generated file is not what it would be now, and name it."""
    stale = [name for name, text in texts.items() if not current(ROOT / name, text)]
    for name in stale:
        print(f"{name} is not current: make generate")
    return report(chuoigen("build", "--check")) or int(bool(stale))


def current(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def report(done: subprocess.CompletedProcess[str]) -> int:
    print(done.stdout, end="")
    return done.returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 when a file is not current"
    )
    texts = {name: printed(arguments) for name, arguments in PRINTED.items()}
    return check(texts) if parser.parse_args().check else write(texts)


if __name__ == "__main__":
    sys.exit(main())
