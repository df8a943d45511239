"""What init writes is clean at once, and nothing that stands there is touched."""

from __future__ import annotations

import pathlib

import pytest

from chuoigen import recipes
from chuoigen.commands.build import build
from chuoigen.commands.init import init, service_name
from chuoigen.commands.lint import lint
from chuoigen.diagnostics import ChuoigenError
from tests.repository import printed


def folder(tmp_path: pathlib.Path, name: str) -> pathlib.Path:
    made = tmp_path / name
    made.mkdir()
    return made


def test_a_first_spec_is_named_after_its_folder(tmp_path: pathlib.Path) -> None:
    shop = folder(tmp_path, "Banana Shop")
    outcome = init(shop, "qa")
    text = (shop / "spec" / "qa.yaml").read_text(encoding="utf-8")
    assert "\nname: banana-shop\nstage: qa\n" in text
    assert "execution_role: banana-shop-qa-execution " in text
    assert "starter" not in text
    assert f"'{shop}/spec/qa.yaml' written\n" in printed(outcome)
    assert "chuoigen build" in printed(outcome)


@pytest.mark.parametrize("name", ["shop", "sg-x", "internal-api", "2048", "日本", "a" * 60, "aws", "x" * 25 + "-y"])
@pytest.mark.parametrize("stage", ["qa", "production-2"])
def test_it_is_clean_and_can_be_built_whatever_the_folder_is_called(
    tmp_path: pathlib.Path, name: str, stage: str
) -> None:
    where = folder(tmp_path, name)
    init(where, stage)
    spec = str(where / "spec" / f"{stage}.yaml")
    assert lint([spec]).diagnostics == ()
    assert build([spec], out=str(tmp_path / "out")).status == 0


@pytest.mark.parametrize("name", ["shop", "a" * 60])
@pytest.mark.parametrize("recipe", recipes.BUILT_IN)
def test_each_recipe_has_a_clean_spec_to_start_from(tmp_path: pathlib.Path, recipe: str, name: str) -> None:
    where = folder(tmp_path, name)
    init(where, "qa", recipe)
    spec = str(where / "spec" / "qa.yaml")
    assert f"recipe: {recipe}" in (where / "spec" / "qa.yaml").read_text(encoding="utf-8")
    assert lint([spec]).diagnostics == ()
    assert build([spec], out=str(tmp_path / "out")).status == 0


def test_a_recipe_that_is_not_there_is_refused(tmp_path: pathlib.Path) -> None:
    with pytest.raises(ChuoigenError, match='unknown recipe "ngnix"') as refused:
        init(tmp_path, "qa", "ngnix")
    assert refused.value.help.startswith('did you mean "nginx"? recipes are fluentbit, fluentd, nginx')
    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_made_where_it_is_missing(tmp_path: pathlib.Path) -> None:
    init(tmp_path / "new" / "shop", "qa")
    assert (tmp_path / "new" / "shop" / "spec" / "qa.yaml").is_file()


def test_a_second_stage_stands_beside_the_first(tmp_path: pathlib.Path) -> None:
    init(tmp_path, "qa")
    init(tmp_path, "prod")
    assert sorted(path.name for path in (tmp_path / "spec").iterdir()) == ["prod.yaml", "qa.yaml"]


def test_nothing_is_overwritten(tmp_path: pathlib.Path) -> None:
    file = folder(tmp_path, "spec") / "qa.yaml"
    file.write_text("mine\n", encoding="utf-8")
    with pytest.raises(ChuoigenError, match=r"qa\.yaml exists already, and init never overwrites"):
        init(tmp_path, "qa")
    assert file.read_text(encoding="utf-8") == "mine\n"


def test_a_link_that_leads_nowhere_is_not_followed(tmp_path: pathlib.Path) -> None:
    (folder(tmp_path, "spec") / "qa.yaml").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ChuoigenError, match="exists already"):
        init(tmp_path, "qa")
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_in_the_way_of_the_folder_is_named(tmp_path: pathlib.Path) -> None:
    (tmp_path / "spec").write_text("mine\n", encoding="utf-8")
    with pytest.raises(ChuoigenError, match="spec exists already"):
        init(tmp_path, "qa")


@pytest.mark.parametrize("stage", ["", "QA", "../qa", "q a", "1st", "qa-", "-qa", "a--b", "a" * 13, "q\n", "qa.yaml"])
def test_a_stage_that_cannot_be_in_names_is_refused(tmp_path: pathlib.Path, stage: str) -> None:
    with pytest.raises(ChuoigenError, match="cannot be a stage"):
        init(tmp_path, stage)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("shop", "shop"),
        ("My Shop_v2", "my-shop-v2"),
        ("2048-game", "game"),
        ("sg-web", "web"),
        ("awesome", "awesome"),
        ("日本", "service"),
        ("a-very-long-name-of-a-service", "a-very-long-name-of-a-ser"),
    ],
)
def test_a_name_from_a_folder(tmp_path: pathlib.Path, name: str, expected: str) -> None:
    assert service_name(tmp_path / name, "qa") == expected


@pytest.mark.parametrize(
    ("where", "stage", "expected"),
    [
        ("spec/qa.yaml", None, "spec/qa.yaml"),
        ("spec/prod.yml", None, "spec/prod.yaml"),
        ("shop/spec/prod.yaml", "prod", "shop/spec/prod.yaml"),
        ("prod.yaml", None, "spec/prod.yaml"),
        ("spec", None, "spec/qa.yaml"),
        ("spec", "prod", "spec/prod.yaml"),
        (".", None, "spec/qa.yaml"),
    ],
)
def test_the_spec_itself_can_be_named(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, where: str, stage: str | None, expected: str
) -> None:
    monkeypatch.chdir(tmp_path)
    init(pathlib.Path(where), stage)
    assert [path.as_posix() for path in pathlib.Path().rglob("*.y*ml")] == [expected]
    assert f"\nstage: {pathlib.Path(expected).stem}\n" in pathlib.Path(expected).read_text(encoding="utf-8")


def test_two_stages_are_refused(tmp_path: pathlib.Path) -> None:
    with pytest.raises(ChuoigenError, match="is a spec of stage prod, and --stage says qa"):
        init(tmp_path / "spec" / "prod.yaml", "qa")
    assert list(tmp_path.iterdir()) == []


TASK = '{"family": "shop", "containerDefinitions": [{"name": "app"}]}'


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({".aws/task-definition.json": TASK}, "chuoigen import .aws/task-definition.json --stage qa -o spec/qa.yaml"),
        (
            {"deploy/td-dev.json": TASK, "deploy/td-prod.json": TASK},
            "chuoigen import deploy/td-dev.json deploy/td-prod.json -o spec",
        ),
        (
            {"task-definition.json": TASK, "compose.yaml": "services: { app: { image: shop } }\n"},
            "chuoigen import task-definition.json --stage qa -o spec/qa.yaml",
        ),
        (
            {"compose.yaml": "services: { app: { image: shop } }\n"},
            "chuoigen import compose.yaml --stage qa -o spec/qa.yaml",
        ),
        (
            {"ecspresso.yml": "service: x\ntask_definition: task.json\n", "task.json": TASK},
            "chuoigen import ecspresso.yml --stage qa -o spec/qa.yaml",
        ),
    ],
)
def test_what_is_there_is_to_be_imported_and_nothing_is_written(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert f"next: {command}\n" in printed(init(pathlib.Path()))
    assert not (tmp_path / "spec").exists()
    init(pathlib.Path(), from_nothing=True)
    assert (tmp_path / "spec" / "qa.yaml").exists()
