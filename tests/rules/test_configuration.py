"""Variables that an application reads while its image is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chuoigen.diagnostics import Diagnostic

SPEC = """\
containers:
  app:
    build: { recipe: phoenix, elixir: "1.18", args: { MIX_ENV: qa } }
    environment: { REDIS_HOST: a }
"""


@pytest.mark.parametrize(
    ("file", "line", "fires"),
    [
        ("config.exs", 'System.get_env("REDIS_HOST")', True),
        ("config.exs", 'System.get_env( "REDIS_HOST", "localhost")', True),
        ("config.exs", 'System.get_env "REDIS_HOST"', True),
        ("config.exs", 'System.fetch_env!("REDIS_HOST")', True),
        ("config.exs", 'System.fetch_env("REDIS_HOST")', True),
        ("config.exs", '"REDIS_HOST" |> System.get_env()', True),
        ("config.exs", '# System.get_env("REDIS_HOST")', False),
        ("config.exs", '"#{x}" <> System.get_env("REDIS_HOST")', True),
        ("config.exs", 'System.get_env("REDIS_HOSTS")', False),
        ("config.exs", 'System.get_env("OTHER")', False),
        ("config.exs", 'host: "${REDIS_HOST}"', False),
        ("qa.exs", 'System.get_env("REDIS_HOST")', True),
        ("redis.exs", 'System.get_env("REDIS_HOST")', True),
        ("dev.exs", 'System.get_env("REDIS_HOST")', False),
        ("test.exs", 'System.get_env("REDIS_HOST")', False),
        ("prod.exs", 'System.get_env("REDIS_HOST")', False),
        ("prod.secret.exs", 'System.get_env("REDIS_HOST")', False),
        ("runtime.exs", 'System.get_env("REDIS_HOST")', False),
        ("releases.exs", 'System.get_env("REDIS_HOST")', False),
    ],
)
def test_what_is_read_at_compile_time(
    reported: Callable[[str], list[str]], tmp_path: Path, file: str, line: str, fires: bool
) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / file).write_text(f"import Config\n{line}\n", encoding="utf-8")
    assert reported(SPEC) == (["compile-time-variable"] if fires else [])


def test_both_places_are_shown(diagnose: Callable[[str], tuple[Diagnostic, ...]], tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    text = 'import Config\n\nconfig :a, host: System.get_env("REDIS_HOST")\n'
    (tmp_path / "config" / "config.exs").write_text(text, encoding="utf-8")
    (found,) = diagnose(SPEC)
    assert (found.span.line, found.span.column) == (5, 20)
    (there,) = found.related
    assert (there.span.file, there.span.line, there.span.column, there.span.end_column) == (
        "config/config.exs",
        3,
        18,
        45,
    )


def test_the_size_of_a_pool_is_a_run_time_variable(
    diagnose: Callable[[str], tuple[Diagnostic, ...]], tmp_path: Path
) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.exs").write_text('System.get_env("POOL")\n', encoding="utf-8")
    pool = "backends:\n  redis: { host: r.example.com, port: 6379,\n    pool: { container: app, variable: POOL, size: 5 } }\n"
    (found,) = diagnose(SPEC + pool)
    assert (found.rule, found.span.line) == ("compile-time-variable", 8)


def test_another_context_has_another_configuration(reported: Callable[[str], list[str]], tmp_path: Path) -> None:
    for folder in ("config", "apps/shop/config"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "config" / "config.exs").write_text('System.get_env("REDIS_HOST")\n', encoding="utf-8")
    assert reported(SPEC.replace("recipe:", "context: apps/shop, recipe:")) == []
    (tmp_path / "apps/shop/config/config.exs").write_text('System.get_env("REDIS_HOST")\n', encoding="utf-8")
    assert reported(SPEC.replace("recipe:", "context: apps/shop, recipe:")) == ["compile-time-variable"]
