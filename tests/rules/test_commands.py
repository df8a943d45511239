"""Words that no shell splits, expands or reads: commands, entry points and health checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuoigen.diagnostics import Diagnostic


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("command: [serve, $PORT]", ["unexpanded-variable"]),
        ('command: [serve, "--port=${PORT}"]', ["unexpanded-variable"]),
        ("command: [migrate, '&&', serve]", ["unexpanded-variable"]),
        ("command: [serve, '2>&1']", ["unexpanded-variable"]),
        ("command: [serve, '>/dev/null']", ["unexpanded-variable"]),
        ("command: [pip, '>=1.0']", []),
        ("command: [serve, $PORT, $HOST]", ["unexpanded-variable"]),
        ("command: [awk, '{ print $1 }']", []),
        ("command: [grep, 'costs 5$']", []),
        ("command: [sh, -c, 'exec serve $PORT']", []),
        ("command: [/bin/bash, -c, 'exec serve $PORT']", []),
        ("entrypoint: [sh, -c], command: ['exec serve $PORT']", []),
        ("entrypoint: [serve], command: [$PORT]", ["unexpanded-variable"]),
        ("healthcheck: { command: [CMD, test, $OK] }", ["unexpanded-variable"]),
        ("healthcheck: { command: [test, $OK] }", ["unexpanded-variable"]),
        ("healthcheck: { command: [CMD-SHELL, 'test $OK'] }", []),
        ("healthcheck: { command: 'test $OK' }", []),
        ("healthcheck: { command: [CMD, sh, -c, 'test $OK'] }", []),
    ],
)
def test_shell_syntax(about_app: Callable[[str], list[str]], keys: str, expected: list[str]) -> None:
    assert about_app(keys) == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("command: ['/usr/bin/java -Dserver.port=8081 -jar service.jar']", ["unsplit-words"]),
        ("command: ['npm start']", ["unsplit-words"]),
        ("command: ['npm run migrate && npm start']", ["unsplit-words"]),
        ("command: ['serve $PORT']", ["unsplit-words"]),
        ("command: [npm, 'run migrate && npm start']", ["unsplit-words"]),
        ("entrypoint: ['/app/run --verbose']", ["unsplit-words"]),
        ("entrypoint: ['sh -c', 'exec serve']", ["unsplit-words"]),
        ("entrypoint: [/app/run], command: ['two words']", []),
        ("command: ['-url=jdbc:x y']", []),
        ("command: [sh, -c, 'a && b']", []),
        ("command: [bin/shop, eval, 'Shop.a() && Shop.b()']", []),
        ("command: [node, -e, 'a && b']", []),
        ("command: [psql, 'select 1; select 2']", []),
        ("command: [serve, --title, 'two words']", []),
        ("command: [serve]", []),
        ("healthcheck: { command: ['curl -f http://127.0.0.1:8081/ || exit 1'] }", ["unsplit-words"]),
        ("healthcheck: { command: [CMD, 'curl -f http://127.0.0.1/'] }", ["unsplit-words"]),
        ("healthcheck: { command: [CMD-SHELL, 'curl -f http://127.0.0.1/'] }", []),
        ("healthcheck: { command: [CMD, curl, 'http://127.0.0.1/?a b'] }", []),
    ],
)
def test_whole_lines(about_app: Callable[[str], list[str]], keys: str, expected: list[str]) -> None:
    assert about_app(keys) == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("command: [sh, -c, npm run migrate, '&&', npm start]", ["word-behind-script"]),
        ("command: [bash, -euo, pipefail, -c, migrate, serve]", ["word-behind-script"]),
        ("command: [/bin/sh, -ec, migrate, serve]", ["word-behind-script"]),
        ("command: [busybox, sh, -c, migrate, serve]", ["word-behind-script"]),
        ("command: [tini, --, sh, -c, migrate, serve]", ["word-behind-script"]),
        ("entrypoint: [sh, -c], command: [migrate, serve]", ["word-behind-script"]),
        ("entrypoint: [sh, -c, migrate], command: [serve]", ["word-behind-script"]),
        ("healthcheck: { command: [CMD, sh, -c, curl, -f, 'http://127.0.0.1/'] }", ["word-behind-script"]),
        ("""command: [sh, -c, 'exec "$@"', --, serve]""", []),
        ("command: [sh, -c, 'echo ${1}', sh, x]", []),
        ("command: [sh, start.sh, -c, x, y]", []),
        ("command: [sh, -c, serve]", []),
        ("command: [serve, -c, x, y]", []),
    ],
)
def test_words_behind_a_script(about_app: Callable[[str], list[str]], keys: str, expected: list[str]) -> None:
    assert about_app(keys) == expected


def test_the_word_is_marked_in_the_list_where_it_stands(diagnose: Callable[[str], tuple[Diagnostic, ...]]) -> None:
    (found,) = diagnose(
        "containers:\n  app: { image: nginx:1.28.0, entrypoint: [sh, -c, migrate], command: [serve] }\n"
    )
    assert found.path == ("containers", "app", "command", 0)
