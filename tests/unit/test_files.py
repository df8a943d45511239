"""The places that files come from: each gives the same answers about the same files."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from chuoigen.diagnostics import ChuoigenError
from chuoigen.inputs.files import LIMIT_BYTES, Disk, Files, Overlay
from chuoigen.inputs.load import load
from chuoigen.inputs.revision import Revision
from tests.repository import SMALL, commit, repository

SIZES = {"small": b"x", "full": b"x" * LIMIT_BYTES, "large": b"x" * (LIMIT_BYTES + 7)}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a committed repository, in a folder with a space, with files of some sizes and a link to one."""
    folder = tmp_path / "my repository"
    (folder / "config" / "deep").mkdir(parents=True)
    for name, content in SIZES.items():
        (folder / name).write_bytes(content)
    for name in ("b.exs", "a.exs", "deep/c.exs", "deep/d.ex"):
        (folder / "config" / name).write_text(name, encoding="utf-8")
    (folder / "link").symlink_to("small")
    (folder / "folder-link").symlink_to("config/deep")
    (folder / "way-out").symlink_to("/etc")
    commit(folder)
    return folder


@pytest.fixture(params=["disk", "revision", "overlay"])
def files(request: pytest.FixtureRequest, root: Path) -> Files:
    if request.param == "disk":
        return Disk()
    if request.param == "overlay":
        texts = {str(root / name): content for name, content in SIZES.items()}
        for name in SIZES:
            (root / name).unlink()
        return Overlay(Disk(), texts)
    revision = Revision(root, "HEAD")
    request.addfinalizer(revision.close)  # noqa: PT021  the other kinds have nothing to close
    return revision


def test_a_file_is_read_up_to_the_limit_and_one_byte_more(files: Files, root: Path) -> None:
    sizes = {name: len(files.read(str(root / name))) for name in SIZES}
    assert sizes == {"small": 1, "full": LIMIT_BYTES, "large": LIMIT_BYTES + 1}


def test_files_are_found_and_folders_are_none(files: Files, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root / "config")
    assert files.is_file("../small")
    assert files.is_file("deep/c.exs")
    assert not files.is_file("deep")
    assert not files.is_file("none")
    assert files.exists("deep")
    assert files.exists("deep/c.exs")
    assert not files.exists("../none")
    assert files.read("deep/c.exs") == b"deep/c.exs"


def test_files_below_a_folder_are_listed_sorted(files: Files, root: Path) -> None:
    found = [Path(path).relative_to(root).as_posix() for path in files.below(str(root / "config"), ".exs")]
    assert found == ["config/a.exs", "config/b.exs", "config/deep/c.exs"]
    assert files.below(str(root / "none"), ".exs") == ()


def test_what_is_not_there_is_said(files: Files, root: Path) -> None:
    with pytest.raises(ChuoigenError, match="none does not exist"):
        files.read(str(root / "none"))


@pytest.mark.parametrize("kind", ["disk", "revision"])
def test_links_are_followed_and_lead_where_they_lead(root: Path, kind: str) -> None:
    files: Files = Disk() if kind == "disk" else Revision(root, "HEAD")
    assert files.read(str(root / "link")) == b"x"
    assert files.real(str(root / "link")) == os.path.realpath(root / "small")
    assert files.read(str(root / "folder-link" / "c.exs")) == b"deep/c.exs"
    assert files.real(str(root / "folder-link" / "c.exs")) == os.path.realpath(root / "config/deep/c.exs")
    assert not files.real(str(root / "way-out" / "passwd")).startswith(f"{root}/")
    if isinstance(files, Revision):
        assert not files.is_file(str(root / "way-out" / "passwd"))
        files.close()


def test_a_revision_gives_what_was_committed(root: Path) -> None:
    (root / "small").write_bytes(b"another")
    (root / "new").write_bytes(b"new")
    (root / "link").unlink()
    with Revision(root, "HEAD") as files:
        assert files.read(str(root / "small")) == b"x"
        assert not files.is_file(str(root / "new"))
        assert files.is_file(str(root / "link"))


@pytest.mark.parametrize("name", ["HEAD~9", "nothing", "-h", "--help", "", "HEAD:small", "a b"])
def test_a_revision_that_is_none_is_refused(root: Path, name: str) -> None:
    with pytest.raises(ChuoigenError, match="has no revision") as raised:
        Revision(root, name)
    assert "shallow" in raised.value.help


def test_without_a_repository_git_says_why(tmp_path: Path) -> None:
    with pytest.raises(ChuoigenError, match=r"git cannot read HEAD: .*not a git repository"):
        Revision(tmp_path, "HEAD")


def test_without_git_that_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ChuoigenError, match="git cannot be started") as raised:
        Revision(root, "HEAD")
    assert "install git" in raised.value.help


def test_a_hook_of_another_repository_does_not_lead_astray(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=other, check=True)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    with Revision(root, "HEAD") as files:
        assert files.is_file(str(root / "small"))


def test_an_overlay_stands_before_the_disk(tmp_path: Path) -> None:
    root = repository(tmp_path / "repository", qa=SMALL)
    path = root / "spec" / "qa.yaml"
    buffer = Overlay(Disk(), {str(path): SMALL.replace("name: echo", "name: edited").encode()})
    loaded = load(path, buffer)
    assert loaded.spec is not None
    assert loaded.spec.name == "edited"


# --- what a spec may extend -----------------------------------------------------------------------------------------


def faults(root: Path, base: str) -> list[str]:
    path = root / "spec" / "qa.yaml"
    path.write_text(f"extends: {base}\n{SMALL}", encoding="utf-8")
    loaded = load(path)
    assert all("root:" not in source.text and "PATH=" not in source.text for source in loaded.sources)
    return [found.message for found in loaded.diagnostics if found.rule == "unusable-base"]


def test_only_files_of_the_repository_are_extended(tmp_path: Path) -> None:
    root = repository(tmp_path / "repository", qa=SMALL)
    (root / "spec" / "way-out.yaml").symlink_to("/etc/passwd")
    os.mkfifo(root / "spec" / "pipe.yaml")
    (tmp_path / "near.yaml").write_text("partial: true\n", encoding="utf-8")
    assert faults(root, "/etc/passwd") == [f"/etc/passwd is outside of {root}"]
    assert faults(root, "/proc/self/environ") == [f"/proc/self/environ is outside of {root}"]
    assert faults(root, "../../near.yaml") == [f"../../near.yaml is outside of {root}"]
    assert faults(root, "way-out.yaml") == [f"way-out.yaml is outside of {root}"]
    assert faults(root, "pipe.yaml") == [f"{root}/spec/pipe.yaml is not a file"]
    assert faults(root, "/dev/zero") == [f"/dev/zero is outside of {root}"]


def test_an_over_long_chain_is_not_called_a_circle(tmp_path: Path) -> None:
    root = repository(tmp_path / "repository", qa=SMALL)
    for number in range(25):
        text = f"partial: true\nextends: b{number + 1}.yaml\n"
        (root / "spec" / f"b{number}.yaml").write_text(text, encoding="utf-8")
    assert faults(root, "b0.yaml") == ["more than 20 files extend each other here"]


def test_a_named_pipe_is_read_when_the_user_names_it(tmp_path: Path) -> None:
    pipe = tmp_path / "qa.yaml"
    os.mkfifo(pipe)
    writer = subprocess.Popen(["sh", "-c", 'cat > "$1"', "sh", str(pipe)], stdin=subprocess.PIPE)
    assert writer.stdin is not None
    writer.stdin.write(SMALL.encode())
    writer.stdin.close()
    assert load(pipe).spec is not None
    assert writer.wait() == 0
