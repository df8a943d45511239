"""The files around a spec: its root, the paths that it names, and the configuration that is read at build time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chuoigen.inputs.project import Project, find_root, survey
from chuoigen.yaml.document import parse


def surveyed(spec: Path, text: str) -> Project:
    spec.parent.mkdir(parents=True, exist_ok=True)
    spec.write_text(text, encoding="utf-8")
    document, problems = parse(text, str(spec))
    assert document is not None, problems
    return survey(spec, document)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give the root of a repository."""
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    return tmp_path / "repository"


def test_the_root_is_the_nearest_repository(root: Path) -> None:
    assert find_root(root / "spec" / "qa.yaml") == root
    (root / "services" / "a" / ".git").mkdir(parents=True)
    assert find_root(root / "services" / "a" / "spec" / "qa.yaml") == root / "services" / "a"
    assert find_root(root / "services" / "qa.yaml") == root


def test_a_worktree_whose_git_is_a_file_is_a_repository(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / ".git").write_text("gitdir: elsewhere\n", encoding="utf-8")
    assert find_root(tmp_path / "tree" / "spec" / "qa.yaml") == tmp_path / "tree"


def test_without_a_repository_the_root_is_the_specs_folder(tmp_path: Path) -> None:
    assert find_root(tmp_path / "services" / "qa.yaml") == tmp_path / "services"


def test_without_a_repository_a_folder_called_spec_belongs_to_what_holds_it(tmp_path: Path) -> None:
    assert find_root(tmp_path / "shop" / "spec" / "qa.yaml") == tmp_path / "shop"


def test_a_path_that_no_system_takes_has_a_root_all_the_same() -> None:
    assert find_root(Path("/", "a" * 5000, "qa.yaml")) == Path("/", "a" * 5000)
    assert find_root(Path("/", "a\0b", "qa.yaml")) == Path("/", "a\0b")


def test_the_root_does_not_depend_on_the_working_directory(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "spec").mkdir()
    monkeypatch.chdir(root / "spec")
    assert find_root(Path("qa.yaml")) == root
    assert find_root(Path("../spec/qa.yaml")) == root


def test_a_link_belongs_to_where_it_stands(root: Path, tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_text("", encoding="utf-8")
    (root / "qa.yaml").symlink_to(tmp_path / "real.yaml")
    assert find_root(root / "qa.yaml") == root


@pytest.mark.parametrize(
    ("name", "spec_file", "output"),
    [
        ("spec/qa.yaml", "spec/qa.yaml", "out/qa"),
        ("qa.blue.yaml", "qa.blue.yaml", "out/qa.blue"),
        ("my specs/the qa.yml", "my specs/the qa.yml", "my specs/out/the qa"),
        ("a\nreboot/qa.yaml", "a\ufffdreboot/qa.yaml", "a\ufffdreboot/out/qa"),
        ("\udcff.yaml", "\ufffd.yaml", "out/\ufffd"),
        ("services/web/spec/dev.yaml", "services/web/spec/dev.yaml", "services/web/out/dev"),
        ("spec/eu/spec/dev/x.yaml", "spec/eu/spec/dev/x.yaml", "spec/eu/out/x"),
    ],
)
def test_the_specs_own_path_is_one_line_of_text(root: Path, name: str, spec_file: str, output: str) -> None:
    project = surveyed(root / name, "chuoigen: 1\n")
    assert (project.spec_file, project.output) == (spec_file, output)


BUILD = """\
containers:
  app: {{ build: {{ dockerfile: {dockerfile}, context: {context} }} }}
"""


@pytest.mark.parametrize(
    ("context", "dockerfile", "expected"),
    [
        (".", "Dockerfile", ("spec", "spec/Dockerfile")),
        ("..", "../Dockerfile", (".", "Dockerfile")),
        ("../app/./x/..", "../app//Dockerfile", ("app", "app/Dockerfile")),
        ("../..", "../../Dockerfile", (None, None)),
        ("/etc", "/etc/passwd", (None, None)),
    ],
)
def test_paths_are_relative_to_the_file_and_given_from_the_root(
    root: Path, context: str, dockerfile: str, expected: tuple[str | None, str | None]
) -> None:
    project = surveyed(root / "spec" / "qa.yaml", BUILD.format(context=context, dockerfile=dockerfile))
    assert (
        project.paths["containers", "app", "build", "context"],
        project.paths["containers", "app", "build", "dockerfile"],
    ) == expected


def test_a_dockerfile_that_does_not_exist_is_absent(root: Path) -> None:
    text = BUILD.format(context="..", dockerfile="../app/Dockerfile")
    assert surveyed(root / "spec" / "qa.yaml", text).absent == {"app/Dockerfile"}
    (root / "app").mkdir()
    (root / "app" / "Dockerfile").write_text("FROM scratch\n", encoding="utf-8")
    assert surveyed(root / "spec" / "qa.yaml", text).absent == set()


PHOENIX = 'containers: { app: { build: { recipe: phoenix, elixir: "1.18" } } }\n'


def test_configuration_of_an_application_is_read(root: Path) -> None:
    (root / "config" / "deep").mkdir(parents=True)
    (root / "config" / "config.exs").write_bytes(b"import Config\n\xff")
    (root / "config" / "deep" / "b.exs").write_text("b", encoding="utf-8")
    (root / "config" / "c.ex").write_text("c", encoding="utf-8")
    (root / "config" / "large.exs").write_bytes(b"#" * ((1 << 20) + 1))
    (root / "config" / "folder.exs").mkdir()
    project = surveyed(root / "spec" / "qa.yaml", PHOENIX)
    assert dict(project.texts) == {"config/config.exs": "import Config\n\ufffd", "config/deep/b.exs": "b"}


@pytest.mark.parametrize(
    ("build", "texts"),
    [
        ("main: a.js", {"package.json", "a.js"}),
        ("main: a.js, workspace: apps/api", {"package.json", "a.js", "apps/api/package.json", "apps/api/a.js"}),
        ("needs: [lib/x, 5, lib/y]", {"package.json", "lib/x/package.json", "lib/y/package.json"}),
        ("workspace: ../outside, needs: [{}], main: [[]]", {"package.json"}),
    ],
)
def test_files_are_named_by_what_is_written_below_build(root: Path, build: str, texts: set[str]) -> None:
    for file in ("package.json", "a.js", "apps/api/package.json", "apps/api/a.js", "lib/x/package.json"):
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text("{}")
    for folder in (root / "lib" / "y", root.parent / "outside"):
        folder.mkdir(parents=True)
        (folder / "package.json").write_text("{}")
    project = surveyed(root / "qa.yaml", f"containers: {{ app: {{ build: {{ recipe: node, {build} }} }} }}\n")
    assert set(project.texts) == texts


def test_configuration_outside_the_root_is_not_read(root: Path) -> None:
    (root.parent / "config").mkdir()
    (root.parent / "config" / "config.exs").write_text("secret", encoding="utf-8")
    text = PHOENIX.replace("recipe:", "context: ../.., recipe:")
    assert dict(surveyed(root / "spec" / "qa.yaml", text).texts) == {}


@pytest.mark.parametrize(
    "text",
    [
        "containers: 5\n",
        "containers: [1]\n",
        "containers: { app: null }\n",
        "containers: { app: { build: [] } }\n",
        "containers: { app: { build: { context: 5, dockerfile: { a: 1 } } } }\n",
        'containers: { app: { build: { dockerfile: "a\\0b" } } }\n',
        f"containers: {{ app: {{ build: {{ dockerfile: {'a' * 5000} }} }} }}\n",
        f"containers: {{ app: {{ build: {{ recipe: phoenix, context: {'a/' * 3000} }} }} }}\n",
    ],
)
def test_nothing_is_read_for_nonsense(root: Path, text: str) -> None:
    assert dict(surveyed(root / "spec" / "qa.yaml", text).texts) == {}


def test_a_file_that_cannot_be_read_counts_as_absent(root: Path) -> None:
    (root / "config").mkdir()
    (root / "config" / "loop.exs").symlink_to("loop.exs")
    os.mkfifo(root / "config" / "pipe.exs")
    assert dict(surveyed(root / "spec" / "qa.yaml", PHOENIX).texts) == {}
