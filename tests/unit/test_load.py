"""Loading: extends, its faults, what is merged and where it then stands."""

from pathlib import Path

import pytest

from chuoigen.diagnostics import ChuoigenError
from chuoigen.inputs.load import load

BASE = """\
chuoigen: 1
partial: true
name: shop
aws: { account: "123456789012", region: eu-west-1 }
task: { cpu: 256, memory: 512 }
containers:
  app:
    image: app:1
    ports: [80, 81]
    environment: { A: base, B: base }
"""


def specs(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder / "qa.yaml"


def test_mappings_merge_deeply_lists_replace_and_null_removes(tmp_path: Path) -> None:
    text = "extends: base.yaml\nstage: qa\ncontainers:\n  app:\n    ports: [82]\n    environment: { A: qa, B: null, C: qa }\n"
    loaded = load(specs(tmp_path, base=BASE, qa=text))
    assert loaded.diagnostics == ()
    assert loaded.spec is not None
    app = loaded.spec.containers["app"]
    assert app.image is not None
    assert app.image.name == "app:1"
    assert [port.container for port in app.ports] == [82]
    assert {name: value.value for name, value in app.environment.items()} == {"A": "qa", "C": "qa"}


def test_every_value_knows_its_own_file_and_line(tmp_path: Path) -> None:
    loaded = load(specs(tmp_path, base=BASE, qa="extends: base.yaml\ntask: { memory: 1024 }\n"))
    assert loaded.document is not None
    memory = loaded.document.place(("task", "memory")).value
    cpu = loaded.document.place(("task", "cpu")).value
    assert (Path(memory.file).name, memory.line, memory.column) == ("qa.yaml", 2, 17)
    assert (Path(cpu.file).name, cpu.line, cpu.column) == ("base.yaml", 5, 14)


def test_partial_is_not_inherited_and_a_partial_file_has_no_spec(tmp_path: Path) -> None:
    path = specs(tmp_path, base=BASE, qa="extends: base.yaml\n")
    assert load(path).partial is False
    base = load(tmp_path / "base.yaml")
    assert (base.partial, base.spec, base.diagnostics) == (True, None, ())


def test_a_partial_file_needs_nothing_but_must_have_the_shape(tmp_path: Path) -> None:
    loaded = load(specs(tmp_path, qa="chuoigen: 1\npartial: true\ntask: { cpu: fast }\n"))
    assert [(found.rule, found.span.line) for found in loaded.diagnostics] == [("invalid-value", 3)]


def test_chains_are_followed_and_paths_are_relative_to_the_file_that_says_them(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "base.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "shared" / "middle.yaml").write_text(
        "extends: base.yaml\npartial: true\nstage: middle\n", encoding="utf-8"
    )
    loaded = load(specs(tmp_path, qa="extends: shared/middle.yaml\n"))
    assert loaded.spec is not None
    assert (loaded.spec.name, loaded.spec.stage) == ("shop", "middle")
    assert [Path(file.file).name for file in loaded.files] == ["qa.yaml", "middle.yaml", "base.yaml"]


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"qa": "extends: qa.yaml\n"}, "qa.yaml extends itself in a circle"),
        (
            {"qa": "extends: a.yaml\n", "a": "extends: b.yaml\n", "b": "extends: a.yaml\n"},
            "a.yaml extends itself in a circle",
        ),
        ({"qa": "extends: none.yaml\n"}, "none.yaml does not exist"),
        ({"qa": f"extends: none.yaml\n{BASE}"}, "none.yaml does not exist"),
    ],
)
def test_a_base_that_cannot_be_used_is_a_diagnostic(tmp_path: Path, texts: dict[str, str], message: str) -> None:
    loaded = load(specs(tmp_path, **texts))
    assert [(one.rule, one.span.line) for one in loaded.diagnostics] == [("unusable-base", 1)]
    assert loaded.diagnostics[0].message.endswith(message)
    assert loaded.spec is None


def test_faults_of_a_base_are_reported_in_the_base(tmp_path: Path) -> None:
    broken = BASE.replace("memory: 512", "memory: 512, memory: 513")
    found = load(specs(tmp_path, base=broken, qa="extends: base.yaml\n")).diagnostics
    assert [(one.rule, Path(one.span.file).name, one.span.line) for one in found] == [("duplicate-key", "base.yaml", 5)]


def test_a_base_that_is_no_yaml_is_reported_without_its_consequences(tmp_path: Path) -> None:
    found = load(specs(tmp_path, base="{", qa="extends: base.yaml\n")).diagnostics
    assert [(one.rule, Path(one.span.file).name) for one in found] == [("invalid-yaml", "base.yaml")]


def test_what_is_wrong_without_a_base_is_reported_beside_it(tmp_path: Path) -> None:
    found = load(specs(tmp_path, qa="extends: none.yaml\nstage: 5\nnetwork: { vpc: vpc-0 }\nnonsense: 1\n")).diagnostics
    assert sorted(one.rule for one in found) == ["invalid-value", "unknown-key", "unusable-base"]


@pytest.mark.parametrize("kind", ["missing", "folder"])
def test_a_file_that_cannot_be_read_is_an_error_with_help(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "qa.yaml"
    if kind == "folder":
        path.mkdir()
    with pytest.raises(ChuoigenError) as raised:
        load(path)
    assert "qa.yaml" in raised.value.message
    assert raised.value.help


@pytest.mark.parametrize("name", ["$(id).yaml", "a{b}.yaml", "it's.yaml", "a*.yaml"])
def test_a_name_that_is_syntax_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(BASE, encoding="utf-8")
    with pytest.raises(ChuoigenError, match="in its path"):
        load(tmp_path / name)


def test_windows_line_ends_and_a_path_with_spaces(tmp_path: Path) -> None:
    folder = tmp_path / "my specs"
    folder.mkdir()
    path = folder / "qa.yaml"
    path.write_bytes((BASE.replace("partial: true\n", "") + "tsk: {}\n").replace("\n", "\r\n").encode())
    found = load(path).diagnostics
    assert [(one.rule, one.span.line, one.span.column) for one in found] == [("unknown-key", 10, 1)]
