"""Every regular expression that the package uses, as JSON: run as a process of its own, since modules compile at import."""

from __future__ import annotations

import ast
import functools
import importlib
import json
import pkgutil
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "chuoigen"
WHOLE = ("match", "fullmatch")
seen: dict[tuple[str, int, str], str] = {}
# re.search and its siblings all compile by this function, which has no public name.
compile_expression = re._compile  # type: ignore[attr-defined]  # noqa: SLF001


def see(pattern: Any, flags: Any) -> Any:
    """Take a note of a pattern, its flags and how it is used, then compile it."""
    caller = sys._getframe(1)  # noqa: SLF001  who searches
    user = caller.f_back
    if isinstance(pattern, str) and user is not None and str(PACKAGE) in user.f_code.co_filename:
        file, line = Path(user.f_code.co_filename), user.f_lineno
        how = caller.f_code.co_name
        how = used(file, line) if how == "compile" else how
        seen[pattern, int(flags), how] = f"{file.relative_to(ROOT)}:{line}"
    return compile_expression(pattern, flags)


@functools.cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@functools.cache
def used(file: Path, line: int) -> str:
    """Return the method by which a compiled expression is used; `search` where that cannot be seen, or where it is one."""
    methods: list[str] = []
    for node in ast.walk(parsed(file)):
        match node:
            case ast.Attribute(attr=attr, value=ast.Call() as call) if call.lineno <= line <= (call.end_lineno or line):
                methods += [attr] if "re.compile" in ast.unparse(call.func) else []
            case ast.Assign(
                targets=[ast.Name(id=name)], value=ast.Call(func=ast.Attribute(attr="compile")) as call
            ) if call.lineno <= line <= (call.end_lineno or line):
                sources = [each.read_text(encoding="utf-8") for each in PACKAGE.rglob("*.py")]
                methods += [found for text in sources for found in re.findall(rf"\b{name}\.([a-z]+)\(", text)]
    return next((method for method in methods if method not in WHOLE), methods[0] if methods else "search")


def main() -> None:
    """Import every module, lint every example and spec, render what can be rendered, and print what was used."""
    re._compile = see  # type: ignore[attr-defined]  # noqa: SLF001
    import chuoigen

    for module in pkgutil.walk_packages(chuoigen.__path__, "chuoigen."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    from chuoigen import rules
    from chuoigen.compiler import judge, render
    from chuoigen.inputs.load import load
    from tests.test_rule_pages import judged

    for rule in rules.ALL:
        for title in ("Bad", "Good"):
            with tempfile.TemporaryDirectory() as folder:
                judged(Path(folder), rule.name, title)
    for spec in (*(ROOT / "spec").glob("*.yaml"), *(ROOT / "tests" / "cases").glob("*/spec.yaml")):
        found = judge(load(spec))
        if found.plan is not None and not found.refused:
            render(found.plan)
    sys.stdout.write(json.dumps([[*key, where] for key, where in seen.items()]))


if __name__ == "__main__":
    main()
