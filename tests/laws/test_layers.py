"""The law of imports, and the few other laws about the shape of the source, held against every module."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chuoigen import recipes

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PACKAGE = "chuoigen"

# The first name below the package, and its layer. "" is the package itself: nobody below may import it.
LAYERS = {
    "record": 0,
    "fix": 0,
    "messages": 0,
    "diagnostics": 0,
    "templating": 0,
    "tree": 0,
    "yaml": 1,
    "aws": 1,
    "recipes": 1,
    "spec": 2,
    "inputs": 3,
    "provenance": 0,
    "resources": 2,
    "plan": 4,
    "lint": 5,
    "review": 5,
    "recipes.dockerfiles": 5,
    "recipes.*": 6,
    "recipes.checking": 6,
    "rules": 6,
    "artifacts": 6,
    "compiler": 7,
    "report": 7,
    "workspace": 8,
    "importing": 8,
    "overview": 8,
    "api": 9,
    "commands": 9,
    "options": 9,
    "cli": 10,
    "comment": 10,  # a program beside the command line, which nothing else may see
    "": 11,
    "__main__": 11,
}

# The order within a layer, where there is one: each may see those before it in the same line.
LEVEL = [
    (
        "record",
        "provenance",
        "fix",
        "messages",
        "diagnostics",
        "templating",
        "tree",
    ),  # the disk's faults are ChuoigenErrors
    ("yaml", "aws", "recipes"),
]

# Where alone anything is printed.
PRINTING = {f"{PACKAGE}.report.{name}" for name in ("terminal", "guard")}

# Packages whose modules never see each other; the package itself may import them, to list them.
SIBLINGS = {"rules", "artifacts", "commands", "recipes.*"}

# Modules of recipes/ that stand beside its folders; a folder is a recipe, and has a layer of its own.
SHARED = {
    "protocol",
    "answers",
    "bases",
    "checking",
    "commands",
    "dockerfiles",
    "fitting",
    "inside",
    "servers",
    "stopping",
}

# Where only imports that run at the start count. The list of recipes loads one when somebody asks for it, and the
# protocol names for the type checker what every layer calls its things.
LATE = {f"{PACKAGE}.recipes", f"{PACKAGE}.recipes.protocol", f"{PACKAGE}.recipes.commands"}

# Every library from elsewhere, and where alone it may be imported: a module, or a package with all its modules.
LIBRARIES = {
    "pydantic": {"spec", "inputs", "recipes.*"},
    "pydantic_core": {"spec", "inputs"},
    "yaml": {"yaml", "templating", "messages"},
    "jinja2": {"templating"},
    "jsonschema": {"inputs"},
    "rjsonnet": {"inputs"},
    "tree_sitter": {"inputs"},
    "tree_sitter_hcl": {"inputs"},
    "typer": {"cli", "options"},
    "click": {"cli"},
}

# Modules of the standard library that speak to a network, and where alone.
NETWORK = {"socket", "ssl", "http", "urllib.request", "asyncio", "ftplib", "imaplib", "poplib", "smtplib", "xmlrpc"}
ONLINE = {"comment"}

# Where the name of a recipe is a word of AWS (its log drivers, the types of FireLens) or a city of a time zone.
WORDS_OF_OTHERS = {"aws.log_outputs", "aws.vocabulary", "aws.time_zones", "spec.runtime"}

# Recipes whose names are words of programming, too: a text alone, NodeBuild and NodePlan still name one.
EVERYDAY = {"node", "python"}

VAGUE = {"utils", "util", "helpers", "common", "base", "core", "misc"}
LONGEST_FUNCTION = 50
LONGEST_FILE = 400

# Folders that only the machine of whoever wrote a file has, the one that holds this checkout among them, unless its
# path is so short (/app, /usr/src) that an image could have the same.
CHECKOUT = [re.escape(str(ROOT))] if len(ROOT.parts) > len(("/", "usr", "src")) else []
ELSEWHERE = re.compile(rf"(?<![\w.}}~-])(?:{'|'.join([*CHECKOUT, '/work', '/Users', '[.]{2}/shared'])})/\w")


def sources() -> dict[str, str]:
    """Text of every module of the package, by its dotted name."""
    files = sorted((ROOT / PACKAGE).rglob("*.py"))
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for file in files]
    return {name: file.read_text(encoding="utf-8") for name, file in zip(names, files, strict=True)}


def unit(module: str) -> str:
    """Name what has a layer: the first part below the package, of recipes/ each shared module, and a folder as *."""
    parts = [*module.split("."), "", ""][1:3]
    if parts[0] != "recipes" or not parts[1]:
        return parts[0]
    own = f"recipes.{parts[1]}" if parts[1] in SHARED else "recipes.*"
    return own if own in LAYERS else "recipes"


def imported(module: str, source: str, known: set[str]) -> Iterator[str]:
    """Dotted names of all modules that a module imports, at its top, in functions and by import_module."""
    tree = ast.parse(source)
    for node in tree.body if module in LATE else ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(level=0, module=str(origin), names=names):
                parts = [f"{origin}.{alias.name}" for alias in names]
                yield from (part if part in known else origin for part in parts)
            case ast.ImportFrom():
                yield "a relative import"
            case ast.Call(func=ast.Attribute(attr="import_module") | ast.Name(id="import_module" | "__import__")):
                yield from named_by_call(module, node)


def named_by_call(module: str, call: ast.Call) -> Iterator[str]:
    """A computed name hides what is imported; the package itself may, because it may import everything."""
    match call.args:
        case [ast.Constant(value=str(name)), *_]:
            yield name
        case _ if unit(module) != "":
            yield "a computed name"


def import_breaches(module: str, source: str, known: set[str]) -> list[str]:
    """Say every import of the module that the law forbids."""
    if unit(module) not in LAYERS:
        return [f"{module} has no layer"]
    names = sorted(set(imported(module, source, known)))
    reasons = [(name, import_breach(module, name)) for name in names]
    return [f"{module} imports {name}: {reason}" for name, reason in reasons if reason]


def import_breach(module: str, name: str) -> str:
    top = name.partition(".")[0]
    if top == PACKAGE:
        return own_breach(module, name)
    if " " in name:
        return "write the module's full name"
    if top in sys.stdlib_module_names:
        online = {top, name} & NETWORK and unit(module) not in ONLINE
        return f"the network belongs to {sorted(ONLINE)}" if online else ""
    if unit(module) in LIBRARIES.get(top, set()):
        return ""
    return f"{top} belongs to {sorted(LIBRARIES[top])}" if top in LIBRARIES else "a library that no module may use"


def own_breach(module: str, name: str) -> str:
    here, there = unit(module), unit(name)
    if there not in LAYERS:
        return "it has no layer"
    if here == there:
        listing = module == f"{PACKAGE}.{here}" or module.split(".")[2] == [*name.split("."), ""][2]
        return "siblings never see each other" if here in SIBLINGS and not listing else ""
    if there == "recipes.*" and here != "":
        return "a recipe is found by its name"
    if LAYERS[there] < LAYERS[here] or any((there, here) in combinations(line, 2) for line in LEVEL):
        return ""
    return f"layer {LAYERS[here]} may not see layer {LAYERS[there]}"


def shape_breaches(module: str, source: str) -> list[str]:
    """Say every function and file that is too long, every print elsewhere than in PRINTING, each kind of record but Record, and a name that
    says nothing.
    """
    tree = ast.parse(source)
    breaches = [f"{module} says nothing by its name"] if VAGUE & set(module.split(".")) else []
    if len(source.splitlines()) > LONGEST_FILE:
        breaches.append(f"{module} has more than {LONGEST_FILE} lines")
    if not ast.get_docstring(tree):
        breaches.append(f"{module} has no docstring")
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() if length(node) > LONGEST_FUNCTION:
                breaches.append(f"{module}.{node.name} has more than {LONGEST_FUNCTION} lines")
            case ast.Name(id="print") | ast.Attribute(value=ast.Name(id="sys"), attr="stdout" | "stderr"):
                breaches += [] if module in PRINTING else [f"{module} prints"]
            case ast.alias(name="dataclass" | "dataclasses" | "NamedTuple" | "namedtuple" as kind):
                breaches.append(f"{module} imports {kind}: a record is a Record")
    return breaches


def named_recipes(source: str) -> list[str]:
    """Give every name and text in the source, prose apart, in which a recipe is named."""
    tree = ast.parse(source)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in prose]
    names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
    names += [node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    known = "|".join(re.escape(name) for name in recipes.BUILT_IN if name not in EVERYDAY)
    named = [word for word in [*texts, *names] if isinstance(word, str) and re.search(known, word, re.IGNORECASE)]
    classes = {f"{name.title()}{kind}" for name in EVERYDAY for kind in ("Build", "Plan")}
    return [*named, *(text for text in texts if text in EVERYDAY), *(name for name in names if name in classes)]


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def cycle(modules: dict[str, str]) -> list[str]:
    """Return the modules of a circle of imports, or nothing."""
    known = set(modules)
    graph = {name: known & set(imported(name, source, known)) - {name} for name, source in modules.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def repository_files() -> list[Path]:
    """Give every file that git tracks or would track."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("module", sources())
def test_imports_go_down(module: str) -> None:
    modules = sources()
    assert import_breaches(module, modules[module], set(modules)) == []


@pytest.mark.parametrize("module", sources())
def test_the_source_keeps_its_shape(module: str) -> None:
    assert shape_breaches(module, sources()[module]) == []


@pytest.mark.parametrize("module", [name for name in sources() if not unit(name).startswith("recipes")])
def test_no_recipe_is_named_outside_its_folder(module: str) -> None:
    named = named_recipes(sources()[module])
    assert named == [] or module.removeprefix(f"{PACKAGE}.") in WORDS_OF_OTHERS


def test_the_name_of_a_recipe_is_noticed() -> None:
    text = '"""About nginx."""\nx = y.NginxPlan if recipe == "nginx" else "my nginx.conf"  # nginx\n'
    assert set(named_recipes(text)) == {"nginx", "my nginx.conf", "NginxPlan"}
    everyday = 'for node in nodes: x = node.kind == "node" or isinstance(node, y.NodePlan)\n'
    assert named_recipes(everyday) == ["node", "NodePlan"]


def test_no_circle_of_imports() -> None:
    assert cycle(sources()) == []


def test_no_file_names_the_machine_it_was_written_on() -> None:
    texts = {file: file.read_bytes().decode("utf-8", "replace") for file in repository_files()}
    assert [f"{file}: {found[0]}" for file, text in texts.items() if (found := ELSEWHERE.search(text))] == []


KNOWN = {
    f"{PACKAGE}.{name}"
    for name in (
        *("rules", "rules.ports", "artifacts.iam", "spec", "yaml.document", "cli"),
        *("recipes", "recipes.nginx", "recipes.nginx.facts", "recipes.phoenix", "recipes.dockerfiles"),
    )
}


@pytest.mark.parametrize(
    ("module", "source", "breach"),
    [
        ("strange", "", "chuoigen.strange has no layer"),
        ("spec.units", "from chuoigen.inputs.load import load", "layer 2 may not see layer 3"),
        ("spec.units", "def f():\n    import chuoigen.cli", "layer 2 may not see layer 10"),
        ("yaml.document", "from chuoigen import spec", "imports chuoigen.spec: layer 1 may not see layer 2"),
        ("cli", "from chuoigen import version", "imports chuoigen: layer 10 may not see layer 11"),
        ("record", "from chuoigen.tree import Tree", "layer 0 may not see layer 0"),
        ("diagnostics", "from chuoigen.yaml.document import parse", "layer 0 may not see layer 1"),
        ("spec.units", "from chuoigen.strange import x", "it has no layer"),
        ("rules.sizing", "from chuoigen.rules.ports import x", "siblings never see each other"),
        ("rules.sizing", "from chuoigen.rules import ports", "siblings never see each other"),
        ("rules.sizing", "from chuoigen.rules import RULES", "siblings never see each other"),
        ("rules.sizing", "from chuoigen.artifacts import iam", "layer 6 may not see layer 6"),
        ("artifacts.iam", "from chuoigen.rules import ports", "layer 6 may not see layer 6"),
        (
            "commands.lint",
            "import importlib\nimportlib.import_module('chuoigen.cli')",
            "layer 9 may not see layer 10",
        ),
        ("commands.lint", "from importlib import import_module\nimport_module(x)", "a computed name: write"),
        ("rules.sizing", "from . import ports", "a relative import: write"),
        (
            "rules.sizing",
            "if TYPE_CHECKING:\n    from pydantic import BaseModel",
            "pydantic belongs to ['inputs', 'recipes.*', 'spec']",
        ),
        ("artifacts.iam", "import jinja2.ext", "jinja2 belongs to ['templating']"),
        ("inputs.load", "import yaml", "yaml belongs to ['messages', 'templating', 'yaml']"),
        ("commands.lint", "from typer import echo", "typer belongs to ['cli', 'options']"),
        ("cli", "import requests", "a library that no module may use"),
        ("report.terminal", "from http.client import HTTPSConnection", "the network belongs to ['comment']"),
        ("inputs.load", "def f():\n    import urllib.request", "the network belongs to ['comment']"),
        ("commands.diff", "from chuoigen.comment.posting import post", "layer 9 may not see layer 10"),
        ("recipes.nginx", "from chuoigen.recipes.phoenix import facts", "siblings never see each other"),
        ("rules.sizing", "from chuoigen.recipes.nginx import Nginx", "a recipe is found by its name"),
        ("commands.lint", "from chuoigen.recipes import nginx", "a recipe is found by its name"),
        ("recipes.protocol", "from chuoigen.plan.model import Plan", "layer 1 may not see layer 4"),
        ("plan.images", "from chuoigen.recipes import dockerfiles", "layer 4 may not see layer 5"),
    ],
)
def test_a_forbidden_import_is_noticed(module: str, source: str, breach: str) -> None:
    breaches = import_breaches(f"{PACKAGE}.{module}", source, KNOWN)
    assert len(breaches) == 1
    assert breach in breaches[0]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("rules", "from chuoigen.rules import ports"),
        ("rules.sizing", "from chuoigen.lint.rule import Rule"),
        ("artifacts.network.groups", "from chuoigen.artifacts.network.balancer import x"),
        ("spec.units", "from chuoigen.spec.task import Task\nfrom pydantic import BaseModel"),
        ("yaml.document", "import yaml\nimport re"),
        ("yaml.document", "from chuoigen.diagnostics import Span"),
        ("__main__", "from chuoigen.cli import main"),
        ("comment.requests", "import urllib.request"),
        ("report.as_sarif", "import urllib.parse"),
        ("recipes", "def f(name):\n    importlib.import_module(name)"),
        ("recipes.protocol", "if TYPE_CHECKING:\n    from chuoigen.plan.model import Plan"),
        ("recipes.nginx", "from chuoigen.recipes.nginx import facts\nfrom chuoigen.lint.rule import Rule"),
        ("rules.sizing", "from chuoigen.recipes.answers import BaseUse"),
    ],
)
def test_an_allowed_import_is_let_through(module: str, source: str) -> None:
    assert import_breaches(f"{PACKAGE}.{module}", source, KNOWN) == []


@pytest.mark.parametrize(
    ("module", "source", "breach"),
    [
        (
            "rules.sizing",
            '"""X."""\ndef f():\n' + "    x = 1\n" * 50,
            "chuoigen.rules.sizing.f has more than 50 lines",
        ),
        ("rules.sizing", '"""X."""\n' + "x = 1\n" * 400, "chuoigen.rules.sizing has more than 400 lines"),
        ("rules.sizing", '"""X."""\nprint(1)', "chuoigen.rules.sizing prints"),
        ("rules.sizing", '"""X."""\nimport sys\nsys.stderr.write("x")', "chuoigen.rules.sizing prints"),
        ("rules.common", '"""X."""', "chuoigen.rules.common says nothing by its name"),
        ("rules.sizing", "x = 1", "chuoigen.rules.sizing has no docstring"),
        (
            "rules.sizing",
            '"""X."""\nfrom typing import NamedTuple',
            "chuoigen.rules.sizing imports NamedTuple: a record is a Record",
        ),
        (
            "rules.sizing",
            '"""X."""\nimport dataclasses',
            "chuoigen.rules.sizing imports dataclasses: a record is a Record",
        ),
    ],
)
def test_a_bad_shape_is_noticed(module: str, source: str, breach: str) -> None:
    assert shape_breaches(f"{PACKAGE}.{module}", source) == [breach]


def test_a_good_shape_is_let_through() -> None:
    longest = '"""X."""\ndef f():\n' + "    x = 1\n" * 49
    assert shape_breaches("chuoigen.rules.sizing", longest) == []
    assert shape_breaches("chuoigen.report.terminal", '"""X."""\nprint(1)') == []


def test_a_circle_is_noticed() -> None:
    circle = {
        "chuoigen.plan.a": "import chuoigen.plan.b",
        "chuoigen.plan.b": "def f():\n    import chuoigen.plan.a",
    }
    assert set(cycle(circle)) == set(circle)


@pytest.mark.parametrize(
    ("text", "noticed"),
    [
        ("see /" + "Users/somebody/notes.md", True),
        ("see /" + "work/notes.md", True),
        ("see .." + "/shared/notes.md", True),
        ("WORKDIR /opt/work/build, https://example.com/work/x, /var/app/public", False),
    ],
)
def test_a_name_of_the_machine_is_noticed(text: str, noticed: bool) -> None:
    assert bool(ELSEWHERE.search(text)) is noticed
