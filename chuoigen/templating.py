"""Turns values into text: templates with a filter for each language they write, data as YAML and JSON."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import re
import shlex
import sys
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import jinja2
    import yaml

_NONE: Mapping[str, Callable[..., str]] = MappingProxyType({})
COMPILED = "compiled"
"""The folder, in a folder of templates, with what a wheel has compiled."""
_FITS = "jinja2-version.txt"

TEMPLATES = Path(__file__).parent / "artifacts" / "templates"

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")  # all but the tab
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# What CommonMark, GitHub's tables, strike-through, formulas and bare links would take for markup, there and only there:
# an underscore inside a word, or a lone "#" or "&", stays as it is, because people read the source, too.
_MARKDOWN = re.compile(
    r"[\\`*\[\]<>|~$]"
    r"|(?<![^\W_])_|_(?![^\W_])"
    r"|&(?=[#A-Za-z])"
    r"|(?<!\S)\#|\#(?!\S)"
    r"|^[-+=]"
    r"|:(?=//)|(?<=\bwww)\."
)
_LIST_NUMBER = re.compile(r"^([0-9]{1,9})([.)])")
# XML 1.0 has no way to write these; DEL and the C1 block it only discourages.
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Attribute values lose tabs and line ends that are not written as references.
_XML = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
    **{c: f"&#{ord(c)};" for c in "\t\n\r"},
}
# What stands for itself in a label of Mermaid: words, and some punctuation inside of them. Lists, emphasis and formulas
# begin otherwise; a colon begins an icon (fa:fa-car), and makes Mermaid 11 take "style …:…#45;" for a style.
_MERMAID = re.compile(r"([^\W_]|[ ,/()=]|(?<=[^\W_])[-.+_](?=[^\W_]))|.", re.DOTALL)
# Numbers of YAML 1.2 (core schema) that are plain strings in 1.1, booleans of 1.1 that PyYAML knows not,
# and all pairs of ports: 1.1 takes 22:22 for a number to the base of 60 and leaves 80:80.
_YAML_OTHERWISE = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?0o[0-7]+|[-+]?0x[0-9a-fA-F]+"
    r"|[yYnN]|[0-9]+:[0-9]+"
)
# Text that a literal block keeps: no leading space, no blank line at its end, no line break of YAML 1.1 only.
_YAML_BLOCK = re.compile(r"(?![ \n])(?=[^\n]*+\n)[^\x85\u2028\u2029]*+(?<!\n\n)")


def render(template: str, /, **values: Any) -> str:
    """Render a template, named by its path below artifacts/templates; the text ends in one line feed.

    An undefined name is an error, and so is printing None, a boolean, a list or a mapping.
    """
    return render_from((TEMPLATES,), template, **values)


def render_from(
    folders: tuple[Path, ...], template: str, filters: Mapping[str, Callable[..., str]] = _NONE, /, **values: Any
) -> str:
    """Render a template of the first folder that has it, as `render` does, with further filters."""
    made = environment(folders)
    made.filters.update(filters)
    text = made.get_template(template).render(values).rstrip("\n")
    return f"{text}\n" if text else ""


@functools.cache
def environment(folders: tuple[Path, ...]) -> jinja2.Environment:
    """Return the strict environment for the templates in folders."""
    import jinja2  # 40 ms that only a build needs

    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader([_loader(folder) for folder in folders]),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 - nothing here is a web page; each language has its filter
        finalize=scalar,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        bytecode_cache=_compiled_templates(folders[0]),
    )
    made.filters.update(
        sh=sh,
        json=json_line,
        dockerfile=dockerfile,
        dockerfile_json=dockerfile_json,
        md=md,
        code=code,
        xml=xml,
        markup_comment=markup_comment,
        mermaid=mermaid,
        dot=dot,
    )
    return made


def compile_into(folder: Path, target: Path) -> None:
    """Write the templates of a folder as Python modules, for a wheel; they fit the version of jinja2 that runs now."""
    import jinja2

    class Filters(dict[str, Any]):
        """The filters, and one for each name that a recipe gives its own; none of those is run here."""

        def get(self, name: str, default: Any = None) -> Any:
            del default
            return super().get(name, _not_here)

    target.mkdir(parents=True)
    made = environment((folder,)).overlay()
    made.filters = Filters(made.filters)
    made.compile_templates(target, zip=None, ignore_errors=False, filter_func=lambda name: name.endswith(".j2"))
    (target / _FITS).write_text(jinja2.__version__, encoding="ascii")


def _not_here(*_: object) -> str:
    """Stand for a filter that is not known while templates are compiled: what it makes of a constant is left open."""
    raise NotImplementedError


def _loader(folder: Path) -> jinja2.BaseLoader:
    """Return what gives the templates of a folder: the modules that a wheel has, where they fit, else their text."""
    import jinja2

    compiled = folder / COMPILED
    try:
        fits = (compiled / _FITS).read_text(encoding="ascii") == jinja2.__version__
    except OSError:
        fits = False
    return jinja2.ModuleLoader(compiled) if fits else jinja2.FileSystemLoader(folder)


def _compiled_templates(folder: Path) -> jinja2.BytecodeCache | None:
    """Return a cache of compiled templates beside them, as Python keeps its own: a checkout has no compiled ones.

    None where nothing can or may be written. A cached template counts only for the very text that it was made from,
    which is jinja2's own check.
    """
    import jinja2

    cache = folder / "__pycache__"
    if sys.dont_write_bytecode or not os.access(folder, os.W_OK):
        return None

    class Beside(jinja2.BytecodeCache):
        def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
            with contextlib.suppress(OSError), (cache / bucket.key).open("rb") as file:
                bucket.load_bytecode(file)

        def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
            with contextlib.suppress(OSError):
                cache.mkdir(exist_ok=True)
                unfinished = cache / f"{bucket.key}.{os.getpid()}"
                unfinished.write_bytes(bucket.bytecode_to_string())
                unfinished.replace(cache / bucket.key)

    return Beside()


def sh(value: object, *, always: bool = False) -> str:
    """Quote one word for a POSIX shell; ValueError for NUL, which no argument can hold.

    `always` quotes a word that needs no quotes, too: what is assigned should not look like a command.
    """
    text = scalar(value)
    if "\0" in text:
        raise ValueError(f"a shell word cannot hold NUL: {text!r}")
    quoted = shlex.quote(text)
    return f"'{text}'" if always and quoted == text else quoted


def json_line(value: object) -> str:
    """Write any data as JSON on one line, without spaces."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=scalar)


def dockerfile(value: object) -> str:
    """Write the value of ENV, LABEL or ARG, with no variable in it expanded; ValueError for line ends."""
    return double_quoted(one_line(value, "a value in a Dockerfile"), '\\"$')


def dockerfile_json(words: Sequence[object]) -> str:
    """Write a command in exec form: a JSON list on one line."""
    if isinstance(words, str):
        raise TypeError(f"the exec form is a list of words, not one text: {words!r}")
    return json.dumps([scalar(word) for word in words], ensure_ascii=False)


def md(value: object) -> str:
    """Write text that Markdown shows as it is, in a line or in a cell of a table; line ends become spaces."""
    text = _MARKDOWN.sub(r"\\\g<0>", _BREAKS.sub(" ", scalar(value)).strip(" "))
    return _LIST_NUMBER.sub(r"\1\\\2", text)


def code(value: object, *, table: bool = True) -> str:
    """Write inline code for Markdown; outside of tables say `table=false`, where "|" needs no backslash."""
    text = _BREAKS.sub(" ", scalar(value)) or " "
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    # CommonMark takes one space off both ends when both have one.
    pad = " " if "`" in (text[0], text[-1]) or (text.strip(" ") and text[0] == text[-1] == " ") else ""
    return fence + pad + (text.replace("|", r"\|") if table else text) + pad + fence


def xml(value: object) -> str:
    """Write text or an attribute's value for XML 1.0; ValueError for characters that it cannot hold."""
    text = scalar(value)
    if found := _NOT_XML.search(text):
        raise ValueError(f"XML cannot hold {found[0]!r}: {text!r}")
    return "".join(_XML.get(character, character) for character in text)


def markup_comment(value: object) -> str:
    """Write text into a comment of XML or HTML, which two hyphens would end: a space comes between them."""
    return re.sub(r"-(?=-)", "- ", xml(value))


def mermaid(value: object) -> str:
    """Write one line of a label of Mermaid between double quotes; what may be markup there goes in as `#35;`.

    Mermaid reads quotes, its own entities, HTML, Markdown and directives (%%{) in such text.
    """
    text = one_line(value, "a label of Mermaid")
    return _MERMAID.sub(lambda found: found[1] or f"#{ord(found[0])};", text)


def dot(value: object) -> str:
    """Write one line of a label of Graphviz between double quotes, where HTML's entities count, too."""
    text = one_line(value, "a label of Graphviz")
    return text.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')


def to_json(data: object) -> str:
    """Write data as JSON for people: keys as given, indented by 2, one final line feed; no NaN."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def to_yaml(data: object, *, header: str = "") -> str:
    """Write data as block YAML that YAML 1.1 and 1.2 read alike: keys as given, no anchors.

    `header` becomes comment lines before it. TypeError for anything but mappings, lists, text, numbers,
    booleans and null.
    """
    import yaml  # to_json and the filters do without it

    lines = (_BREAKS.sub(" ", line) for line in header.splitlines())
    comment = "".join(f"# {line}".rstrip() + "\n" for line in lines)
    try:
        text = yaml.dump(data, Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=2**31)
    except yaml.representer.RepresenterError as error:
        raise TypeError(f"YAML output cannot hold {error.args[-1]!r}") from error
    return comment + text


@functools.cache
def _dumper() -> type[yaml.SafeDumper]:
    import yaml

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
            return True

        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
            super().increase_indent(flow, indentless=False)

        def choose_scalar_style(self) -> str:
            return str(super().choose_scalar_style()).replace("'", '"')

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
        style = '"' if _YAML_OTHERWISE.fullmatch(value) else "|" if _YAML_BLOCK.fullmatch(value) else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", str.__str__(value), style=style)

    plain: tuple[Any, ...] = (dict, list, tuple, bool, int, float, type(None), None)
    Dumper.yaml_representers = {kind: Dumper.yaml_representers[kind] for kind in plain}
    Dumper.add_multi_representer(str, text)
    Dumper.add_multi_representer(int, yaml.SafeDumper.represent_int)
    Dumper.add_multi_representer(float, yaml.SafeDumper.represent_float)
    return Dumper


def scalar(value: object) -> str:
    """Take text and numbers only: what else a template would print is a mistake in it."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    raise TypeError(f"neither text nor a number: {value}")  # an undefined name raises here, with its name


def one_line(value: object, where: str) -> str:
    text = scalar(value)
    if _CONTROL.search(text):
        raise ValueError(f"{where} cannot hold line ends or control characters: {text!r}")
    return text


def double_quoted(text: str, special: str) -> str:
    return '"' + "".join(f"\\{character}" if character in special else character for character in text) + '"'
