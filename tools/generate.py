"""Write every generated file of the repository anew, or with --check say which of them are not current."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # a script's own folder is there, and this one's modules are named from the root

from chuoigen import rules  # noqa: E402
from chuoigen.commands.explain import page  # noqa: E402
from chuoigen.commands.rules import table  # noqa: E402
from chuoigen.commands.schema import schema  # noqa: E402
from tools import aws_schemas, cli_reference, inputs_reference, language_reference  # noqa: E402

# Folders in which every file is generated: what else stands there is from an earlier day.
WHOLE = ("docs/rules",)


def texts() -> dict[str, str]:
    """Return each generated file outside out/ by its name."""
    return {
        "schema/spec.schema.json": schema(elsewhere=False).text,
        **aws_schemas.schemas(),
        "docs/language.md": language_reference.reference(),
        "docs/inputs/compose.md": inputs_reference.compose(),
        "docs/cli.md": cli_reference.reference(),
        "docs/rules/README.md": table("markdown", elsewhere=False).text,
        **{f"docs/rules/{rule.name}.md": page(rule) for rule in rules.ALL},
    }


def leftover(names: set[str]) -> list[str]:
    """Return the files in the generated folders that are not generated any more."""
    found = [path.relative_to(ROOT).as_posix() for folder in WHOLE for path in sorted((ROOT / folder).glob("*"))]
    return [name for name in found if name not in names]


def write() -> int:
    wanted = texts()
    for name, text in wanted.items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    for name in leftover(set(wanted)):
        (ROOT / name).unlink()
    return build()


def check() -> int:
    """Return 1 when a generated file is not what it would be now, and name it."""
    wanted = texts()
    stale = [name for name, text in wanted.items() if not current(ROOT / name, text)]
    for name in [*stale, *leftover(set(wanted))]:
        print(f"{name} is not current: make generate")
    return build("--check") or int(bool(stale or leftover(set(wanted))))


def current(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def build(*options: str) -> int:
    """Build the specs of the repository, as a user would, and return the exit status."""
    sys.stdout.flush()
    command = [sys.executable, "-m", "chuoigen", "build", *options]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file is not current")
    return check() if parser.parse_args().check else write()


if __name__ == "__main__":
    sys.exit(main())
