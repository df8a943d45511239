"""The law of messages: both languages say all that the code says, with the same arguments, and nothing else."""

from __future__ import annotations

import ast
import functools
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from chuoigen import recipes, rules
from chuoigen.messages import catalogue
from chuoigen.spec.descriptions import description
from chuoigen.spec.model import Model

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parents[2]
PARTS = ("summary", "message", "help", "foreign")
PLACEHOLDER = re.compile(r"(?<!\{)\{([a-z_][\w.]*(?:!k)?)(?::([^{}]*))?\}(?!\})")

Texts = dict[str, dict[str, str]]
"""The parts of the entries of one catalogue, by id."""


@dataclass
class Said:
    """What a module makes messages of: ids, patterns of ids, whether of others too, and the arguments of each id."""

    ids: set[str] = field(default_factory=set)
    patterns: set[str] = field(default_factory=set)
    computed: bool = False
    arguments: list[tuple[str, set[str]]] = field(default_factory=list)

    def uses(self, name: str, constants: set[str]) -> bool:
        """Say whether an id is said; a computed one is when it stands anywhere among the constants of the package."""
        known = self.ids | constants if self.computed else self.ids
        return name in known or any(re.fullmatch(pattern, name) for pattern in self.patterns)


def read(text: str) -> Texts:
    """Read a catalogue; `no` and `1.10` are text in it."""
    return dict(entries("", yaml.load(text, Loader=yaml.BaseLoader)))  # noqa: S506  a base loader makes but text


def entries(above: str, read: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    for key, entry in read.items():
        if above and key in PARTS:
            continue
        name = f"{above}.{key}" if above else key
        if isinstance(entry, str):
            yield name, {"message": entry}
        else:
            yield name, {part: entry[part] for part in PARTS if part in entry}
            yield from entries(name, entry)


def said(source: str) -> Said:
    """Find what a module says by the name that it gives to its Texts."""
    tree, found = ast.parse(source), Said()
    names = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and called(node.value) == "Texts"
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in names and node.args:
            note(found, node)
    return found


@functools.cache
def constants() -> set[str]:
    """Every text of the package that an id could be."""
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in (ROOT / "chuoigen").glob("**/*.py")]
    return {
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def note(found: Said, call: ast.Call) -> None:
    keywords = {str(keyword.arg) for keyword in call.keywords}
    for choice in choices(call.args[0]):
        match choice:
            case ast.Constant(value=str(name)):
                found.ids.add(name)
                if "None" not in keywords:  # which is how `**arguments` is called
                    found.arguments.append((name, keywords))
            case ast.JoinedStr(values=values):
                parts = [re.escape(str(v.value)) if isinstance(v, ast.Constant) else r"[\w.-]+" for v in values]
                found.patterns.add("".join(parts))
            case _:
                found.computed = True


def choices(argument: ast.expr) -> list[ast.expr]:
    if isinstance(argument, ast.IfExp):
        return [*choices(argument.body), *choices(argument.orelse)]
    return [argument]


def placeholders(text: str) -> set[str]:
    """Name the placeholders; one that only chooses a word for a number is grammar, which a language may lack."""
    return {name for name, form in PLACEHOLDER.findall(text) if "|" not in form or form.startswith("#")}


def differences(first: Texts, second: Texts) -> list[str]:
    """Say what one language has and the other lacks."""
    found = [f"{name} is in one language only" for name in sorted(first.keys() ^ second.keys())]
    for name in sorted(first.keys() & second.keys()):
        one, other = first[name], second[name]
        found += [f"{name} has its {part} in one language only" for part in sorted(one.keys() ^ other.keys())]
        found += [
            f"the {part} of {name} has {sorted(placeholders(one[part]) ^ placeholders(other[part]))} in one language only"
            for part in sorted(one.keys() & other.keys())
            if placeholders(one[part]) != placeholders(other[part])
        ]
    return found


def breaches(source: str, texts: Texts, summaries: Iterable[str], constants: set[str]) -> list[str]:
    """Say which ids have no text, which texts nobody says, and which arguments nobody gives.

    The help that an id inherits is never asked for where the message is a note about another place.
    """
    found, known = said(source), set(summaries)
    wrong = [f"{name} has no text" for name in sorted(found.ids) if "message" not in texts.get(name, {})]
    wrong += [
        f"no text fits {pattern}"
        for pattern in sorted(found.patterns)
        if not any(re.fullmatch(pattern, name) for name in texts)
    ]
    for name, parts in texts.items():
        if "message" in parts and not found.uses(name, constants):
            wrong.append(f"nobody says {name}")
        if "summary" in parts and name not in known:
            wrong.append(f"{name} is no rule")
        if not parts.keys() - {"help"} and not any(other.startswith(f"{name}.") for other in texts):
            wrong.append(f"nobody says {name}")
    for name, arguments in found.arguments:
        needed = placeholders(message(texts, name))
        needed |= set() if "note" in name.split(".") else placeholders(help_of(texts, name))
        lacking = {one for one in needed if not one.endswith("!k")} - arguments
        wrong += [f"{name} is said without {', '.join(sorted(lacking))}"] if lacking else []
    return wrong


def message(texts: Texts, name: str) -> str:
    return texts.get(name, {}).get("message", "")


def help_of(texts: Texts, name: str) -> str:
    """Return the help of an entry, or of the nearest above it that has one."""
    above = [name.rsplit(".", count)[0] for count in range(name.count(".") + 1)]
    return next((texts[one]["help"] for one in above if "help" in texts.get(one, {})), "")


def catalogues(language: str) -> dict[str, Path]:
    """Every catalogue of a language, by the dotted name of its module."""
    found = {}
    for file in sorted((ROOT / "chuoigen").glob(f"**/messages/{language}/*.yaml")):
        package = file.parents[2]
        module = package if package.name == file.stem else package / file.stem
        found[".".join(module.relative_to(ROOT).parts)] = file
    return found


def sources() -> dict[str, str]:
    """Text of every module that makes messages."""
    found = {}
    for file in sorted((ROOT / "chuoigen").glob("**/*.py")):
        text = file.read_text(encoding="utf-8")
        if "Texts(__name__)" in text:
            found[".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")] = text
    return found


def texts(module: str, language: str) -> Texts:
    file = catalogues(language).get(module)
    return read(file.read_text(encoding="utf-8")) if file else {}


@pytest.mark.parametrize("module", sources())
def test_every_message_has_a_text_and_every_text_is_said(module: str) -> None:
    summaries = [rule.name for rule in rules.ALL if rule.title.module == module]
    assert breaches(sources()[module], texts(module, "en"), summaries, constants()) == []


@pytest.mark.parametrize("module", sources())
def test_both_languages_say_the_same(module: str) -> None:
    assert differences(texts(module, "en"), texts(module, "ja")) == []


def sentences(text: str) -> bool:
    """Say whether a text has more than two words of prose (a term may have two), beside placeholders and pieces of a spec."""
    bare = re.sub(r"\{[^{}]*\}|\"[^\"]*\"|`[^`]*`|\S*[:=/._…-]\S*|\b[A-Z]\S*", " ", text)
    return len(re.findall(r"\b(?!(?:the|chuoigen|lint|build)\b)[a-z]{2,}\b", bare)) > 2


@pytest.mark.parametrize("module", sources())
def test_what_is_a_sentence_in_english_is_one_in_japanese(module: str) -> None:
    japanese = texts(module, "ja")
    said = [
        (f"{name}: {part}", text, japanese[name][part])
        for name, parts in texts(module, "en").items()
        for part, text in parts.items()
    ]
    assert [
        where for where, english, other in said if sentences(english) and not re.search("[ぁ-んァ-ヶ一-龠]", other)
    ] == []


def keys(model: type[Model] = Model) -> Iterator[str]:
    """Give every key of the language."""
    for below in model.__subclasses__():
        yield from (field.alias or name for name, field in below.model_fields.items())
        yield from keys(below)


@pytest.mark.parametrize("module", sources())
def test_every_key_in_a_text_is_a_key_of_the_language(module: str) -> None:
    said = [text for parts in texts(module, "en").values() for text in parts.values()]
    named = {one.removesuffix("!k").rpartition(".")[2] for text in said for one in placeholders(text) if "!k" in one}
    assert named - set(keys()) == set()


def models(model: type[Model] = Model) -> Iterator[type[Model]]:
    """Give every model of the language, the recipes' among them."""
    for below in model.__subclasses__():
        yield below
        yield from models(below)


def described() -> dict[str, dict[str, set[str]]]:
    """Name the keys that have a description, by module and class."""
    recipes.built_in()
    found: dict[str, dict[str, set[str]]] = {}
    for model in models():
        for cls in model.__mro__[:-1]:
            own = {name for name in vars(cls).get("__annotations__", {}) if issubclass(cls, Model)}
            known = {name for name in own & model.model_fields.keys() if description(model, name)}
            if known and cls.__module__.startswith("chuoigen."):
                found.setdefault(cls.__module__, {})[cls.__name__] = known
    return found


@pytest.mark.parametrize("module", described())
def test_every_description_of_a_key_is_there_in_japanese(module: str) -> None:
    translated = {name: set(texts) for name, texts in catalogue(module, "ja", "keys").items()}
    assert translated == described()[module]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_catalogue_belongs_to_a_module(language: str) -> None:
    modules = {".".join(file.relative_to(ROOT).with_suffix("").parts) for file in (ROOT / "chuoigen").glob("**/*.py")}
    assert catalogues(language).keys() - {module.removesuffix(".__init__") for module in modules} == set()


GOOD = """
_say = Texts(__name__)
def f(x, big):
    yield _say("taken", port=x)
    yield _say("taken.big" if big else "taken.small", port=x)
    yield _say(f"kind.{x}")
"""
ENGLISH = """
taken:
  summary: A port is taken.
  message: port {port} is taken
  help: write another {ports!k}
  big: 'port {port} is taken: { port: {{port}} }'
  small:
    message: taken
    help: write a port above {port}
kind:
  tcp: tcp
"""


def test_a_good_catalogue_is_let_through() -> None:
    assert breaches(GOOD, read(ENGLISH), ["taken"], set()) == []
    assert differences(read(ENGLISH), read(ENGLISH)) == []
    computed = "_say = Texts(__name__)\n_say(name, **x)\n"
    assert breaches(computed, read(ENGLISH), ["taken"], {"taken", "kind.tcp", "taken.big", "taken.small"}) == []


@pytest.mark.parametrize(
    ("source", "english", "breach"),
    [
        (GOOD.replace('"taken"', '"gone"'), ENGLISH, ["gone has no text", "nobody says taken"]),
        (GOOD, ENGLISH.replace("kind:", "sort:"), [r"no text fits kind\.[\w.-]+", "nobody says sort.tcp"]),
        (GOOD, ENGLISH + "other: more\n", ["nobody says other"]),
        (GOOD, ENGLISH + "other:\n  help: more\n", ["nobody says other"]),
        (GOOD, ENGLISH + "other:\n  summary: More.\n", ["other is no rule"]),
        (GOOD.replace('"taken", port=x', '"taken", ports=x'), ENGLISH, ["taken is said without port"]),
        (
            GOOD,
            ENGLISH.replace("{ports!k}", "{more}"),
            ["taken is said without more", "taken.big is said without more"],
        ),
    ],
)
def test_a_bad_catalogue_is_noticed(source: str, english: str, breach: list[str]) -> None:
    assert breaches(source, read(english), ["taken"], {"other"}) == breach


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("kind:\n  tcp: tcp\n", "kind: {}\n", "kind.tcp is in one language only"),
        ("  help: write another {ports!k}\n", "", "taken has its help in one language only"),
        ("above {port}", "above it", "the help of taken.small has ['port'] in one language only"),
        ("{ports!k}", "port", "the help of taken has ['ports!k'] in one language only"),
    ],
)
def test_a_difference_between_languages_is_noticed(old: str, new: str, difference: str) -> None:
    assert old in ENGLISH
    assert differences(read(ENGLISH), read(ENGLISH.replace(old, new))) == [difference]
