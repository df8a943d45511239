from __future__ import annotations

import enum
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jinja2
import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from chuoigen import templating
from chuoigen.recipes.fluentd.quoting import fluentd
from chuoigen.recipes.nginx.quoting import nginx
from chuoigen.templating import to_json, to_yaml

ROOT = Path(__file__).parents[2]
HOSTILE = [
    "",
    " ",
    "plain",
    "it's",
    'say "hi"',
    "$(reboot) `reboot` ${HOME} $HOME",
    "back\\slash \\n \\",
    "{{ 7 * 7 }} {% raw %} {# #}",
    "a;b|c&d>e<f*g?h[i]j~k!l#m",
    "#{`reboot`} ##{x} #{",
    "-n",
    "=cmd",
    "line one\nline two\r\nthree\n",
    "tab\there",
    "Grüße, 世界 🎉",
    "\u2028\x85\xa0\ufeff",
    "*bold* _em_ __init__ APP_SERVER ~~gone~~ [x](y) ![z] <b> &amp; &#35; | #1 ##",
    "1. one",
    "- item",
    "    indented",
    "``a`",
    "---",
]
texts = st.text(st.characters(exclude_categories=["Cs"]))


def line_of(characters: str) -> st.SearchStrategy[str]:
    return st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=characters))


# --- sh


@pytest.mark.parametrize("text", HOSTILE)
def test_sh_quotes_one_word(text: str) -> None:
    assert shlex.split(templating.sh(text)) == [text]


@given(texts.filter(lambda text: "\0" not in text))
def test_sh_quotes_any_text(text: str) -> None:
    assert shlex.split(templating.sh(text)) == [text]


def test_sh_is_what_a_real_shell_reads() -> None:
    script = "printf '%s\\0' " + " ".join(templating.sh(text) for text in HOSTILE)
    run = subprocess.run(["/bin/sh", "-c", script], capture_output=True, check=True)
    assert run.stdout.decode().split("\0") == [*HOSTILE, ""]


def test_sh_takes_numbers_and_leaves_plain_words() -> None:
    assert (templating.sh(80), templating.sh("a-b_c.d/e:f"), templating.sh("")) == ("80", "a-b_c.d/e:f", "''")


def test_sh_refuses_nul() -> None:
    with pytest.raises(ValueError, match="NUL"):
        templating.sh("a\0b")


# --- json


def test_json_is_one_compact_line() -> None:
    assert templating.json_line({"a": [1, True, None, "ü\n"]}) == '{"a":[1,true,null,"ü\\n"]}'


@given(texts)
def test_json_keeps_any_text_on_one_line(text: str) -> None:
    assert "\n" not in templating.json_line(text)
    assert json.loads(templating.json_line({text: [text]})) == {text: [text]}


def test_json_refuses_nan_and_sets() -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json's own, in its own words
        templating.json_line(float("nan"))
    with pytest.raises(TypeError, match="neither text nor a number"):
        templating.json_line({"a": {1}})


# --- nginx


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("app:4000", "app:4000"),
        ("/var/www/_x-1.2", "/var/www/_x-1.2"),
        ("", '""'),
        ("a b", '"a b"'),
        ("a;b{c}#d'e", '"a;b{c}#d\'e"'),
        ('say "hi"', '"say \\"hi\\""'),
        ("a\\b", '"a\\\\b"'),
        ("ü", '"ü"'),
        (4000, "4000"),
    ],
)
def test_nginx_writes_one_parameter(text: object, written: str) -> None:
    assert nginx(text) == written


def nginx_reads(token: str) -> str:
    """Undo the escapes that nginx undoes (ngx_conf_read_token): backslash before a quote, itself, t, r or n."""
    if not token.startswith('"'):
        assert re.fullmatch(r"[^\s;{}\"'\\#$]+", token)
        return token
    assert re.fullmatch(r'"(?:[^"\\]|\\.)*"', token, re.DOTALL)
    plain = {"t": "\t", "r": "\r", "n": "\n"}
    return re.sub(r"\\([\"'\\trn])", lambda m: plain.get(m[1], m[1]), token[1:-1])


@given(line_of("$"))
@example("\\t\\n\\\\")
def test_nginx_reads_any_text_back(text: str) -> None:
    assert nginx_reads(nginx(text)) == text


def test_nginx_refuses_what_it_cannot_write() -> None:
    with pytest.raises(ValueError, match=r'no way to write a literal "\$": \'a\$b\''):
        nginx("a$b")
    with pytest.raises(ValueError, match=r"nginx\.conf cannot hold line ends"):
        nginx("a\nb")


# --- Dockerfile


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", '"plain"'),
        ("", '""'),
        ("a b", '"a b"'),
        ('"$HOME"', '"\\"\\$HOME\\""'),
        ("C:\\x", '"C:\\\\x"'),
        ("it's # no comment", '"it\'s # no comment"'),
        (5, '"5"'),
    ],
)
def test_dockerfile_quotes_a_value(text: object, written: str) -> None:
    assert templating.dockerfile(text) == written


@given(line_of(""))
def test_dockerfile_reads_any_text_back(text: str) -> None:
    # Docker's shell-like words: in double quotes a backslash escapes ", $ and itself; a bare $ expands.
    inside = templating.dockerfile(text)[1:-1]
    assert re.fullmatch(r'(?:[^"\\$]|\\["\\$])*', inside)
    assert re.sub(r'\\(["\\$])', r"\1", inside) == text


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\0b"])
def test_dockerfile_refuses_line_ends_and_nul(text: str) -> None:
    with pytest.raises(ValueError, match="a value in a Dockerfile cannot hold"):
        templating.dockerfile(text)


def test_dockerfile_json_is_the_exec_form() -> None:
    assert templating.dockerfile_json(["sh", "-c", 'echo "ü"\n', 5]) == '["sh", "-c", "echo \\"ü\\"\\n", "5"]'
    assert templating.dockerfile_json([]) == "[]"
    with pytest.raises(TypeError, match="a list of words"):
        templating.dockerfile_json("sh -c x")


# --- fluentd


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", '"plain"'),
        ("#{ENV['X']}", "\"\\#{ENV['X']}\""),
        ("##{x}", '"#\\#{x}"'),
        ("# no code", '"# no code"'),
        ('a"b\\c', '"a\\"b\\\\c"'),
        ("one\ntwo\r\tthree", '"one\\ntwo\\r\\tthree"'),
        ("logs/%Y/${tag}", '"logs/%Y/${tag}"'),
    ],
)
def test_fluentd_writes_a_literal(text: str, written: str) -> None:
    assert fluentd(text) == written


@given(texts.filter(lambda text: "\0" not in text))
@example("\\#{x}")
def test_fluentd_reads_any_text_back_and_runs_no_ruby(text: str) -> None:
    literal = fluentd(text)
    assert "\n" not in literal
    tokens = re.findall(r'\\.|#\{|[^"\\]', literal[1:-1])
    assert "".join(tokens) == literal[1:-1]
    assert "#{" not in tokens
    plain = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "b": "\b"}
    assert "".join(plain.get(one[1], one[1]) if one[0] == "\\" else one for one in tokens) == text


def test_fluentd_refuses_nul() -> None:
    with pytest.raises(ValueError, match="NUL"):
        fluentd("\0")


# --- Markdown

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def shown(markdown: str, kind: str) -> str:
    """Return the text of the one inline token that is markup-free, below the given opening token."""
    tokens = MARKDOWN.parse(markdown)
    inline = tokens[[token.type for token in tokens].index(kind) + 1]
    children = inline.children or []
    assert {child.type for child in children} <= {"text"}
    return "".join(child.content for child in children)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("APP_SERVER", "APP_SERVER"),
        ("_em_ __x__", r"\_em\_ \_\_x\_\_"),
        ("*a* `b` [c] <d>", r"\*a\* \`b\` \[c\] \<d\>"),
        ("a|b", r"a\|b"),
        ("R&D &amp; &#35;", r"R\&D \&amp; \&#35;"),
        ("a & b", "a & b"),
        ("C# # x", r"C\# \# x"),
        ("issue#5", "issue#5"),
        ("# title", r"\# title"),
        ("- a", r"\- a"),
        ("1. a", r"1\. a"),
        ("1.2.3", r"1\.2.3"),
        ("two\nlines", "two lines"),
        ("costs $5", r"costs \$5"),
        ("see https://x.example and www.x.example", r"see https\://x.example and www\.x.example"),
        ("a\\", "a\\\\"),
    ],
)
def test_md_escapes_what_is_at_risk(text: str, written: str) -> None:
    assert templating.md(text) == written


words = st.text(st.sampled_from("ab1 \\`*_[]()<>&#|~$!-+=.:;@\"'{}^/ü\n"), min_size=1).filter(str.strip)


@given(words)
def test_md_shows_the_text_itself(text: str) -> None:
    line = re.sub("\n+", " ", text).strip(" ")
    assert shown(templating.md(text), "paragraph_open") == line
    assert shown(f"# {templating.md(text)}", "heading_open") == line
    assert shown(f"| {templating.md(text)} |\n|---|\n", "th_open") == line
    assert shown(f"see {templating.md(text)}.", "paragraph_open") == f"see {line}."


@given(words)
def test_code_shows_the_text_itself(text: str) -> None:
    line = re.sub("\n+", " ", text)
    for markdown in (templating.code(text, table=False), f"| {templating.code(text)} |\n|---|\n"):
        (inline,) = (token for token in MARKDOWN.parse(markdown) if token.type == "inline")
        assert [(child.type, child.content) for child in inline.children or []] == [("code_inline", line)]


def test_code_fences_are_long_enough() -> None:
    assert templating.code("a") == "`a`"
    assert templating.code("a`b``c") == "```a`b``c```"
    assert templating.code("`a") == "`` `a ``"
    assert templating.code("a|b") == r"`a\|b`"
    assert templating.code("a|b", table=False) == "`a|b`"
    assert templating.code("") == "` `"


@pytest.mark.parametrize(
    ("text", "written"),
    [("a--->b", "a- - -&gt;b"), ("--", "- -"), ("a-b", "a-b"), ("</x>&", "&lt;/x&gt;&amp;"), ("----", "- - - -")],
)
def test_a_comment_of_markup_does_not_end_early(text: str, written: str) -> None:
    assert templating.markup_comment(text) == written


# --- XML


def test_xml_escapes_text_and_attributes() -> None:
    assert templating.xml("<a b=\"c\" d='e'> & \n") == "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt; &amp; &#10;"


@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.sampled_from("\t\r\n")
    )
)
def test_xml_reads_any_text_back(text: str) -> None:
    element = ET.fromstring(f'<a b="{templating.xml(text)}">{templating.xml(text)}</a>')  # noqa: S314 - our own text
    assert (element.get("b"), element.text or "") == (text, text)


@pytest.mark.parametrize("text", ["\0", "\x1b[0m", "\ud800", "\ufffe"])
def test_xml_refuses_control_characters(text: str) -> None:
    with pytest.raises(ValueError, match="XML cannot hold"):
        templating.xml(text)


@pytest.mark.parametrize(
    "quote",
    [
        templating.sh,
        nginx,
        templating.dockerfile,
        fluentd,
        templating.md,
        templating.code,
        templating.xml,
    ],
)
@pytest.mark.parametrize("value", [None, True, ["a"], {"a": 1}])
def test_filters_take_only_text_and_numbers(quote: Any, value: object) -> None:
    with pytest.raises(TypeError, match="neither text nor a number"):
        quote(value)


# --- YAML and JSON


@pytest.mark.parametrize(
    "text",
    [
        "yes", "No", "on", "OFF", "y", "N", "true", "False", "null", "Null", "~", "", " ", "=", "<<",
        "010", "0888", "0o17", "0x1F", "0b11", "1_000", "12", "-5", "+5", "22:22", "80:80", "1:30.5",
        "1.10", "1e3", "1E-3", "-.5", ".5", "1.", ".inf", "-.Inf", ".NaN", "2001-01-01", "2001-12-14t21:59:43Z",
        "a: b", "a #b", "# a", "- a", "-", "?", "*a", "&a", "!a", "@a", "`a", "%a", "[a", "{a", "a:", "'a'", "> a", "| a",
        "trailing ", " leading",
    ],
)  # fmt: skip
def test_to_yaml_quotes_what_a_reader_would_take_for_something_else(text: str) -> None:
    escaped = text.replace('"', '\\"')
    assert to_yaml({"key": text}) == f'key: "{escaped}"\n'
    assert yaml.safe_load(to_yaml({text: text})) == {text: text}


def test_to_yaml_is_laid_out_for_people() -> None:
    data = {
        "version": 0.2,
        "services": {
            "web": {
                "ports": ["80:80"],
                "command": ["sh", "-c", "x y"],
                "empty": {},
                "none": None,
                "init": True,
            }
        },
        "script": "set -eu\n  echo hi\n\nexit\n",
        "list": [{"a": 1, "b": ["x"]}, "1.2.3", ["n"], "two\nlines"],
        "long": "word " * 60 + "end",
    }
    expected = (
        "# made from spec/qa.yaml\n#\n# second\nversion: 0.2\nservices:\n  web:\n    ports:\n"
        '      - "80:80"\n    command:\n      - sh\n      - -c\n      - x y\n    empty: {}\n    none: null\n    init: true\n'
        "script: |\n  set -eu\n    echo hi\n\n  exit\n"
        'list:\n  - a: 1\n    b:\n      - x\n  - 1.2.3\n  - - "n"\n  - |-\n    two\n    lines\n'
        "long: " + "word " * 60 + "end\n"
    )
    assert to_yaml(data, header="made from spec/qa.yaml\n\nsecond") == expected


def test_to_yaml_repeats_what_occurs_twice() -> None:
    shared = ["a"]
    assert to_yaml({"x": shared, "z": shared}) == "x:\n  - a\nz:\n  - a\n"


def test_to_yaml_writes_subclasses_as_what_they_are() -> None:
    class Colour(enum.StrEnum):
        RED = "red"

    class Port(int):
        written = "0x50"

    assert to_yaml({"a": Colour.RED, "b": Port(80), "c": (1, 2)}) == "a: red\nb: 80\nc:\n  - 1\n  - 2\n"


@pytest.mark.parametrize("value", [{1, 2}, b"bytes", object()])
def test_to_yaml_refuses_other_types(value: object) -> None:
    with pytest.raises(TypeError, match="YAML output cannot hold"):
        to_yaml({"a": value})


def test_to_yaml_headers_cannot_leave_the_comment() -> None:
    assert to_yaml({"a": 1}, header="one\u2028two\x00\nkey: value") == "# one\n# two\n# key: value\na: 1\n"


hard_texts = (
    texts
    | st.sampled_from(HOSTILE)
    | st.text("ab #:-'\"\n\t >|\\", max_size=20)
    | st.from_regex(r"[-+0-9.:eExobnyYN_]{1,6}", fullmatch=True)
)
data = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | hard_texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(hard_texts, inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(hard_texts, data, max_size=4))
def test_to_yaml_is_read_back_unchanged(value: dict[str, Any]) -> None:
    assert yaml.safe_load(to_yaml(value, header="made by hand")) == value


@given(data)
def test_to_json_is_read_back_unchanged(value: Any) -> None:
    assert json.loads(to_json(value)) == value


def test_to_json_keeps_order_and_letters() -> None:
    assert to_json({"b": ["ü"], "a": {}}) == '{\n  "b": [\n    "ü"\n  ],\n  "a": {}\n}\n'
    with pytest.raises(TypeError):
        to_json({"a": {1}})


# --- templates


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(templating, "TEMPLATES", tmp_path)
    return tmp_path


def test_render_trims_block_lines_and_ends_in_one_line_feed(templates: Path) -> None:
    (templates / "docker").mkdir()
    (templates / "docker" / "Dockerfile.j2").write_bytes(
        b"FROM {{ base }}\r\n{% for name in names %}\n    {% if name %}\nENV A={{ name | dockerfile }} {{ name|sh }}\n    {% endif %}\n{% endfor %}\n\n\n"
    )
    text = templating.render("docker/Dockerfile.j2", base="alpine", names=["a b", "<$"])
    assert text == "FROM alpine\nENV A=\"a b\" 'a b'\nENV A=\"<\\$\" '<$'\n"


def test_render_of_nothing_is_empty(templates: Path) -> None:
    (templates / "x.j2").write_text("{% if false %}x{% endif %}\n")
    assert templating.render("x.j2") == ""


@pytest.mark.parametrize(
    "template",
    [
        "{{ absent }}",
        "{{ absent | sh }}",
        "{{ absent | json }}",
        "{{ one.absent | md }}",
        "{% if absent %}{% endif %}",
        "{{ [absent] | dockerfile_json }}",
    ],
)
def test_render_names_what_is_undefined(templates: Path, template: str) -> None:
    (templates / "x.j2").write_text(template)
    with pytest.raises(jinja2.UndefinedError, match="absent"):
        templating.render("x.j2", one={})


@pytest.mark.parametrize("value", [None, False, ["a"], {"a": 1}])
def test_render_prints_only_text_and_numbers(templates: Path, value: object) -> None:
    (templates / "x.j2").write_text("{{ value }}")
    with pytest.raises(TypeError, match="neither text nor a number"):
        templating.render("x.j2", value=value)


def test_render_never_reads_a_value_as_a_template(templates: Path) -> None:
    (templates / "x.j2").write_text("{{ template }} {{ 0.5 }}")
    assert templating.render("x.j2", template="{{ 7 * 7 }}<&>") == "{{ 7 * 7 }}<&> 0.5\n"


def test_render_stays_in_the_folder_of_templates(templates: Path) -> None:
    (templates.parent / "secret").write_text("x")
    with pytest.raises(jinja2.TemplateNotFound):
        templating.render("../secret")


def test_importing_templating_does_not_import_jinja2_or_yaml() -> None:
    code = (
        "import sys, chuoigen.templating as t; t.to_json({}); t.sh('a'); print({'jinja2', 'yaml'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


@pytest.mark.parametrize(
    ("value", "quoted"), [("echo", "'echo'"), ("a b", "'a b'"), ("it's", "'it'\"'\"'s'"), ("", "''")]
)
def test_sh_quotes_always_where_a_value_is_assigned(value: str, quoted: str) -> None:
    assert templating.sh(value, always=True) == quoted
