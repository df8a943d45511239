"""No secret of a spec is shown: in no line, no message, no format, by no command."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING

import pytest

from chuoigen import cli
from chuoigen.inputs.load import Source
from chuoigen.messages import ENGLISH, verbatim
from chuoigen.report.view import MASK, View
from chuoigen.yaml.document import parse
from tests.repository import SMALL, chuoigen, commit, repository

if TYPE_CHECKING:
    from pathlib import Path

S = "hUnTeR2zQ9xXyW7v"


def view(text: str) -> View:
    return View({"spec.yaml": Source("spec.yaml", text, parse(text, "spec.yaml")[0])})


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (f'"{S}" is not a port', f'"{MASK}" is not a port'),
        (f"{S[:14]}… is too long", f"{MASK}… is too long"),
        (f"a{S}b", f"a{S}b"),
        (f"{S}{S}", f"{S}{S}"),
        (f"{S} and {S}", f"{MASK} and {MASK}"),
        ("1234 is one", f"{MASK} is one"),
        ("port 12345", "port 12345"),
        ("nothing", "nothing"),
    ],
)
def test_a_message_shows_no_secret(said: str, shown: str) -> None:
    looking = view(f"DB_PASSWORD: {S}\nCARD_PIN: 1234\n")
    assert looking.text(said) == shown
    assert looking.reader(ENGLISH).text(verbatim(said)) == shown
    assert looking.reader(ENGLISH).help(verbatim("x", said)) == shown
    assert looking.reader(ENGLISH).raw(said) == shown


def test_a_difference_shows_no_secret_of_now_and_none_of_an_earlier_build() -> None:
    text = f"""\
--- a/out/qa/ecs/task-definition.json
-          "name": "DB_PASSWORD",
-          "value": "older",
+          "value": "{S}"
           "name": "HOST",
           "value": "example"
-      DB_TOKEN: older
-      URL: postgres://me:older@db
       SECRET_KEY_BASE: ${{SECRET_KEY_BASE:?}}"""
    assert (
        view(f"DB_PASSWORD: {S}").difference(text)
        == f"""\
--- a/out/qa/ecs/task-definition.json
-          "name": "DB_PASSWORD",
-          "value": "{MASK}",
+          "value": "{MASK}"
           "name": "HOST",
           "value": "example"
-      DB_TOKEN: {MASK}
-      URL: postgres://me:{MASK}@db
       SECRET_KEY_BASE: ${{SECRET_KEY_BASE:?}}"""
    )


# --- whole commands -------------------------------------------------------------------------------------------------

WRONG = {
    "command": f"command: redis-server --requirepass {S}",
    "list": f"environment: [DB_PASSWORD {S}]",
    "pairs": f"environment: [DB_PASSWORD={S}, DB_PASSWORD={S}]",
    "reference": f'secrets: {{ DB: {{ ssm: "{S}!" }} }}',
    "plain": f"secrets: {{ DB: {S} }}",
    "flow": f"environment: {{ DB_PASSWORD: {S}, PORT: true }}",
    "quoted": f'environment: {{ DB_PASSWORD: "{S} \\\n       {S}", PORT: true }}',
    "tag": f"environment: {{ DB_PASSWORD: !{S} x }}",
    "anchor": f"environment: {{ DB_PASSWORD: *{S} }}",
    "default": f'environment: {{ URL: "${{X:-{S}}}" }}',
    "blank": f"environment: {{ DB_PASSWORD:{S}, A: true }}",
    "unknown": f"passwort: {S}\n    password: {S}",
    "signed": f'command: "curl https://a/b?X-Amz-Signature={S}"',
    "bearer": f"command: \"curl -H 'Authorization: Bearer {S}'\"",
    "basic": f'command: "curl -u me:{S} https://a"',
    "names": f"environment: {{ DB_PASS: {S}, PIN: {S}, SALT: {S}, STRIPE_KEY: {S}, A: true }}",
    "url": f'environment: {{ URL: "postgres://u:{S}@h/db", A: true }}',
    "option": f"command: [redis, --requirepass, {S}, 5]",
    "syntax": f"environment: {{ DB_PASSWORD: {S}, [ }}",
    "unclosed": f'environment:\n      DB_PASSWORD: "{S}\n    image: x',
    "comment": f"environment: {{ A: true }} # the password: {S}",
    "shared": f"ports: [80, 80]\n    environment: {{ DB_PASSWORD: {S}, DB_PASSWORD: {S} }}",
    "argument": f"build: {{ context: ., dockerfile: Dockerfile, args: {{ NPM_TOKEN: {S} }} }}",
    "host": f'environment: {{ A: b }}\nbackends: {{ db: {{ host: "postgres://u:{S}@h", port: 5432 }} }}',
}
COMMANDS = (
    ("lint",),
    ("lint", "--format", "json"),
    ("lint", "--format", "github"),
    ("lint", "--format", "gitlab"),
    ("lint", "--format", "sarif"),
    ("build",),
    ("build", "--check"),
    ("diff",),
    ("show",),
    ("show", "--format", "json"),
)


@pytest.mark.parametrize("name", WRONG)
def test_no_command_says_a_secret(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = repository(
        tmp_path / "repository", qa=SMALL.replace("    command: [", f"    {WRONG[name]}\n    entrypoint: [")
    )
    monkeypatch.chdir(root)
    said = 0
    for arguments in COMMANDS:
        assert cli.run([*arguments, "spec/qa.yaml"]) in (0, 1)
        output = "".join(capsys.readouterr())
        said += len(output)
        assert S[:12] not in output, (arguments, output)
    assert said


def test_show_and_diff_steer_no_terminal(tmp_path: Path) -> None:
    text = SMALL + '    environment: { A: "x\\u202ey\\u2066z\\u200f\\u2028w\\u0085v\\ufeff" }\n'
    root = repository(tmp_path / "repository", qa=text)
    commit(root)
    for arguments in (
        ("show",),
        ("show", "--format", "json"),
        ("diff",),
        ("diff", "--files"),
        ("diff", "--against", "HEAD"),
    ):
        output = chuoigen(*arguments, "spec/qa.yaml", cwd=root).stdout
        assert not set(output) & set("\u202e\u2066\u200f\u2028\x85\ufeff"), arguments
    assert json.loads(chuoigen("show", "--format", "json", "spec/qa.yaml", cwd=root).stdout)["version"] == 1


def test_what_a_revision_held_is_masked(tmp_path: Path) -> None:
    text = SMALL + f"    environment: {{ DB_PASSWORD: {S} }}\n"
    root = repository(tmp_path / "repository", qa=text)
    commit(root)
    (root / "spec" / "qa.yaml").write_text(text.replace(S, S[::-1]), encoding="utf-8")
    output = chuoigen("diff", "--files", "--against", "HEAD", "spec/qa.yaml", cwd=root).stdout
    assert f"-      DB_PASSWORD: {MASK}" in output
    assert not [part for part in itertools.chain((S, S[::-1])) if part in output]
