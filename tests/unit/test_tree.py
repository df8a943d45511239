from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuoigen.diagnostics import ChuoigenError
from chuoigen.tree import Artifact, Comparison, Tree, Written, compare, unified_diff, write

ROOT = Path(__file__).parents[2]
OLD = Tree.of(
    [
        Artifact("README.md", "old\n"),
        Artifact("docker/app/Dockerfile", "FROM a\n"),
        Artifact("docker/log/fluent.conf", "<source>\n"),
        Artifact("scripts/deploy.sh", "echo old\n", executable=True),
    ]
)
NEW = Tree.of(
    [
        Artifact("README.md", "new\n"),
        Artifact("docker/app/Dockerfile", "FROM a\n"),
        Artifact("ecs/service.json", "{}\n"),
        Artifact("scripts/deploy.sh", "echo new\n", executable=True),
    ]
)


def on_disk(folder: Path) -> dict[str, str]:
    """Return the text of every file, and "<folder>" for every empty folder."""
    return {
        str(path.relative_to(folder)): path.read_text() if path.is_file() else "<folder>"
        for path in sorted(folder.rglob("*"))
        if path.is_file() or not any(path.iterdir())
    }


def expected(tree: Tree) -> dict[str, str]:
    return {**{path: file.text for path, file in tree.items()}, "manifest.json": tree.manifest().text}


def child(code: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


# --- the tree


def test_a_tree_is_a_mapping_in_the_order_of_paths() -> None:
    tree = Tree.of([Artifact("b", "2"), Artifact("a/c", "1", executable=True)])
    assert list(tree) == ["a/c", "b"]
    assert tree["a/c"].executable
    assert len(tree) == 2
    assert tree == {"b": Artifact("b", "2"), "a/c": Artifact("a/c", "1", executable=True)}


@pytest.mark.parametrize(
    "path",
    ["", "/etc/passwd", "../x", "a/../../x", "a/..", ".", "a//b", "a/", "./a", "a\\b", "C:x", "a\nb", "a\0b", "\ud800", "x" * 256, "a/" * 600 + "a"],
)  # fmt: skip
def test_a_tree_refuses_paths_that_leave_the_folder_or_are_unusable(path: str) -> None:
    with pytest.raises(ValueError, match=r"not a plain relative path|too long"):
        Tree.of([Artifact(path, "")])


@pytest.mark.parametrize("path", ["manifest.json", "Manifest.JSON", ".chuoigen-build.json", "a/.chuoigen-new/b"])
def test_a_tree_refuses_reserved_paths(path: str) -> None:
    with pytest.raises(ValueError, match="is reserved"):
        Tree.of([Artifact(path, "")])


@pytest.mark.parametrize("paths", [("a", "a"), ("docker/App", "docker/app"), ("STRASSE", "straße")])
def test_a_tree_refuses_paths_that_are_one_where_case_is_ignored(paths: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="there twice, or differs from another in case only"):
        Tree.of([Artifact(path, "") for path in paths])


@pytest.mark.parametrize("paths", [("a", "a/b"), ("A/b", "a"), ("manifest.json/x", "b")])
def test_a_tree_refuses_a_file_below_a_file(paths: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="lies below a path that is a file"):
        Tree.of([Artifact(path, "") for path in paths])


def test_the_manifest_lists_every_file_but_itself() -> None:
    tree = Tree.of([Artifact("run.sh", "exit\n", executable=True), Artifact("a", "")])
    assert tree.manifest() == Artifact(
        "manifest.json",
        "{\n"
        '  "version": 1,\n'
        '  "files": {\n'
        '    "a": {\n'
        '      "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",\n'
        '      "mode": "644"\n'
        "    },\n"
        '    "run.sh": {\n'
        '      "sha256": "9577a8bfed904bd55390ba203f1a233be1981b36fa945537eb3be5b2446de031",\n'
        '      "mode": "755"\n'
        "    }\n"
        "  }\n"
        "}\n",
    )


# --- writing


def test_write_creates_the_folder_and_says_what_it_did(tmp_path: Path) -> None:
    folder = tmp_path / "out dir" / "qa"
    all_old = (
        "README.md",
        "docker/app/Dockerfile",
        "docker/log/fluent.conf",
        "manifest.json",
        "scripts/deploy.sh",
    )
    assert write(OLD, folder) == Written(all_old, (), ())
    assert on_disk(folder) == expected(OLD)
    assert write(OLD, folder) == Written((), all_old, ())
    assert write(NEW, folder) == Written(
        ("README.md", "ecs/service.json", "manifest.json", "scripts/deploy.sh"),
        ("docker/app/Dockerfile",),
        ("docker/log/fluent.conf",),
    )
    assert on_disk(folder) == expected(NEW)


def test_write_touches_nothing_when_nothing_changed(tmp_path: Path) -> None:
    write(OLD, tmp_path)
    before = {path: path.stat().st_ctime_ns for path in tmp_path.rglob("*")}
    write(OLD, tmp_path)
    assert {path: path.stat().st_ctime_ns for path in tmp_path.rglob("*")} == before


def test_write_writes_bytes_as_they_are(tmp_path: Path) -> None:
    write(Tree.of([Artifact("a", "ü\r\n\u2028\x0c")]), tmp_path)
    assert (tmp_path / "a").read_bytes() == b"\xc3\xbc\r\n\xe2\x80\xa8\x0c"


def test_an_empty_tree_leaves_an_empty_manifest(tmp_path: Path) -> None:
    write(OLD, tmp_path)
    write(Tree.of([]), tmp_path)
    assert on_disk(tmp_path) == {"manifest.json": '{\n  "version": 1,\n  "files": {}\n}\n'}


@pytest.mark.parametrize("umask", [0o077, 0o002, 0o022])
def test_modes_do_not_depend_on_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        write(OLD, tmp_path)
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*") if path.is_file()}
    assert modes == {
        "README.md": 0o644,
        "Dockerfile": 0o644,
        "fluent.conf": 0o644,
        "deploy.sh": 0o755,
        "manifest.json": 0o644,
    }


def test_a_wrong_mode_is_a_difference_that_a_build_repairs(tmp_path: Path) -> None:
    write(OLD, tmp_path)
    (tmp_path / "scripts/deploy.sh").chmod(0o644)
    (tmp_path / "README.md").chmod(0o755)
    assert compare(OLD, tmp_path) == Comparison(modes=("README.md", "scripts/deploy.sh"))
    assert write(OLD, tmp_path).written == ("README.md", "scripts/deploy.sh")
    assert (tmp_path / "scripts/deploy.sh").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "README.md").stat().st_mode & 0o777 == 0o644


def test_bits_that_git_does_not_keep_are_no_difference_and_are_set_by_the_next_build(tmp_path: Path) -> None:
    write(OLD, tmp_path)
    (tmp_path / "README.md").chmod(0o600)
    assert compare(OLD, tmp_path).current
    assert write(OLD, tmp_path).written == ()
    assert (tmp_path / "README.md").stat().st_mode & 0o777 == 0o644


def test_a_program_that_becomes_a_plain_file_is_changed(tmp_path: Path) -> None:
    write(Tree.of([Artifact("a", "x", executable=True)]), tmp_path)
    write(Tree.of([Artifact("a", "x")]), tmp_path)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o644


# --- what is not ours


def test_other_files_are_never_touched(tmp_path: Path) -> None:
    (tmp_path / "docker/log").mkdir(parents=True)
    (tmp_path / "docker/log/notes.txt").write_text("mine")
    (tmp_path / "empty").mkdir()
    write(OLD, tmp_path)
    write(NEW, tmp_path, force=True)
    assert on_disk(tmp_path) == {**expected(NEW), "docker/log/notes.txt": "mine", "empty": "<folder>"}


def test_only_folders_that_become_empty_are_removed(tmp_path: Path) -> None:
    write(Tree.of([Artifact("a/b/c/d", "1"), Artifact("a/x", "2"), Artifact("e/f", "3")]), tmp_path)
    (tmp_path / "e/mine").mkdir()
    write(Tree.of([Artifact("a/x", "2")]), tmp_path)
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")) == [
        "a",
        "a/x",
        "e",
        "e/mine",
        "manifest.json",
    ]


def test_hand_edited_files_are_named_and_kept(tmp_path: Path) -> None:
    write(OLD, tmp_path)
    (tmp_path / "README.md").write_text("mine\n")
    (tmp_path / "docker/log/fluent.conf").write_text("mine, too\n")
    before = on_disk(tmp_path)
    assert compare(NEW, tmp_path).edited == ("README.md", "docker/log/fluent.conf")
    with pytest.raises(ChuoigenError) as caught:
        write(NEW, tmp_path)
    assert caught.value.message == (
        f"{tmp_path} contains files that were not written by chuoigen or were edited afterwards: README.md, docker/log/fluent.conf"
    )
    assert "--force" in caught.value.help
    assert on_disk(tmp_path) == before


def test_force_replaces_and_removes_hand_edited_files(tmp_path: Path) -> None:
    write(OLD, tmp_path)
    (tmp_path / "README.md").write_text("mine\n")
    (tmp_path / "docker/log/fluent.conf").write_text("mine, too\n")
    assert write(NEW, tmp_path, force=True).removed == ("docker/log/fluent.conf",)
    assert on_disk(tmp_path) == expected(NEW)


def test_an_edit_that_the_spec_caught_up_with_is_no_edit(tmp_path: Path) -> None:
    write(OLD, tmp_path)
    (tmp_path / "README.md").write_text("new\n")
    assert "README.md" in write(NEW, tmp_path).unchanged


def test_a_deleted_file_is_missing_and_written_again(tmp_path: Path) -> None:
    write(OLD, tmp_path)
    shutil.rmtree(tmp_path / "docker")
    assert compare(OLD, tmp_path) == Comparison(missing=("docker/app/Dockerfile", "docker/log/fluent.conf"))
    assert write(OLD, tmp_path).written == ("docker/app/Dockerfile", "docker/log/fluent.conf")


def test_a_foreign_file_in_the_way_is_refused_and_an_equal_one_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("a person's\n")
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts/deploy.sh").write_text("echo old\n")
    with pytest.raises(ChuoigenError, match=r"edited afterwards: README\.md$"):
        write(OLD, tmp_path)
    assert on_disk(tmp_path) == {"README.md": "a person's\n", "scripts/deploy.sh": "echo old\n"}
    write(OLD, tmp_path, force=True)
    assert on_disk(tmp_path) == expected(OLD)


def test_a_refused_build_leaves_no_new_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    with pytest.raises(ChuoigenError, match=re.escape(f"cannot write {tmp_path / 'a'}")):
        write(OLD, tmp_path / "a" / "b" / "c")
    assert on_disk(tmp_path) == {"a": "x"}


# --- hostile records


def hostile_manifests() -> list[str]:
    good = "0" * 64
    outside = [
        {"version": 1, "files": {path: {"sha256": hashlib.sha256(b"secret").hexdigest(), "mode": "644"}}}
        for path in ("../secret", "/secret", "a/../../secret", "\ud800", "x" * 300)
    ]
    odd: list[object] = [
        [], None, 5, {"version": 1}, {"version": 2, "files": {}}, {"version": 1, "files": []}, {"version": 1, "files": {"a": 1}},
        {"version": 1, "files": {"a": {}}}, {"version": 1, "files": {"a": {"sha256": [[good]]}}}, {"version": 1, "files": {"a": {"sha256": None}}},
        *({"version": 1, "files": {"a": {"sha256": digest}}} for digest in ([None], [5], ["\ud800"], "\ud800", "x", good.upper() + "A", {"a": 1})),
        {"files": {"a": {"sha256": good}}}, {"version": 1, "files": {"manifest.json": {"sha256": good}}},
    ]  # fmt: skip
    return [
        *map(json.dumps, [*outside, *odd]),
        "",
        "{",
        "[" * 100_000,
        "\0",
        '{"version": 1' + "0" * 5000 + "}",
        '{"version": 1, "files": {}}' + " " * 5_000_000,
    ]


@pytest.mark.parametrize("manifest", hostile_manifests(), ids=lambda text: text[:60])
def test_an_unusable_manifest_counts_as_none_and_is_complained_about(tmp_path: Path, manifest: str) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (tmp_path / "secret").write_text("secret")
    (folder / "manifest.json").write_text(manifest)
    with pytest.raises(ChuoigenError, match=r"manifest\.json \(this version cannot read it\)"):
        write(NEW, folder)
    assert on_disk(tmp_path) == {"out/manifest.json": manifest, "secret": "secret"}
    write(NEW, folder, force=True)
    assert on_disk(folder) == expected(NEW)
    assert (tmp_path / "secret").read_text() == "secret"


@pytest.mark.parametrize("journal", hostile_manifests(), ids=lambda text: text[:60])
def test_an_unusable_journal_counts_as_none(tmp_path: Path, journal: str) -> None:
    folder = tmp_path / "out"
    (tmp_path / "secret").write_text("secret")
    write(OLD, folder)
    (folder / ".chuoigen-build.json").write_text(journal)
    write(NEW, folder)
    assert on_disk(folder) == expected(NEW)
    assert (tmp_path / "secret").read_text() == "secret"


def test_a_manifest_that_claims_what_no_build_has_is_not_believed(tmp_path: Path) -> None:
    write(OLD, tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["files"]["notes.txt"] = {"sha256": hashlib.sha256(b"mine").hexdigest(), "mode": "644"}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    tree = Tree.of(NEW.values(), lambda path: path in OLD)
    assert "notes.txt" not in compare(tree, tmp_path).stale
    assert "notes.txt" not in write(tree, tmp_path, force=True).removed
    assert on_disk(tmp_path) == {**expected(NEW), "notes.txt": "mine"}


def test_a_manifest_cannot_have_folders_removed_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "outside/empty").mkdir(parents=True)
    (tmp_path / "outside/file").write_text("x")
    folder = tmp_path / "out"
    write(Tree.of([Artifact("docker/empty/a", "x"), Artifact("docker/file", "x")]), folder)
    shutil.rmtree(folder / "docker")
    (folder / "docker").symlink_to(tmp_path / "outside")
    assert write(Tree.of([Artifact("b", "x")]), folder, force=True).removed == ()
    assert (tmp_path / "outside/empty").is_dir()
    assert (tmp_path / "outside/file").read_text() == "x"
    assert (folder / "docker").is_symlink()


# --- things in the way


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("link", ["README.md", "docker", "docker/app", "manifest.json", ".chuoigen-build.json"])
def test_links_inside_the_folder_are_refused(tmp_path: Path, link: str, force: bool) -> None:
    outside = tmp_path / "outside"
    (outside / "app").mkdir(parents=True)
    folder = tmp_path / "out"
    (folder / link).parent.mkdir(parents=True)
    (folder / link).symlink_to(outside)
    for action in (
        lambda: write(OLD, folder, force=force),
        lambda: compare(OLD, folder),
        lambda: unified_diff(OLD, folder),
    ):
        with pytest.raises(ChuoigenError, match=rf"{link} is a symbolic link; a (file|folder) must be there"):
            action()
    assert on_disk(outside) == {"app": "<folder>"}


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    write(OLD, tmp_path / "out")
    assert on_disk(tmp_path / "real") == expected(OLD)


def test_a_link_in_place_of_the_temporary_folder_is_removed_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/file").write_text("x")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/.chuoigen-new").symlink_to(tmp_path / "outside")
    write(OLD, tmp_path / "out")
    assert on_disk(tmp_path / "outside") == {"file": "x"}
    assert on_disk(tmp_path / "out") == expected(OLD)


def test_what_stands_in_the_temporary_folder_is_in_no_builds_way(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/file").write_text("x")
    below = tmp_path / "out/.chuoigen-new/below"
    below.mkdir(parents=True)
    (below / "file").write_text("x")
    (below / "link").symlink_to(tmp_path / "outside")
    write(OLD, tmp_path / "out")
    assert on_disk(tmp_path / "outside") == {"file": "x"}
    assert on_disk(tmp_path / "out") == expected(OLD)


@pytest.mark.parametrize("force", [False, True])
def test_a_file_where_a_folder_must_be(tmp_path: Path, force: bool) -> None:
    (tmp_path / "docker").write_text("x")
    with pytest.raises(ChuoigenError, match="docker is not a folder; a folder must be there") as caught:
        write(OLD, tmp_path, force=force)
    assert caught.value.help
    assert on_disk(tmp_path) == {"docker": "x"}


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_or_a_pipe_where_a_file_must_be(tmp_path: Path, force: bool) -> None:
    (tmp_path / "README.md").mkdir()
    with pytest.raises(ChuoigenError, match=r"README\.md is a folder; a file must be there"):
        write(OLD, tmp_path, force=force)
    (tmp_path / "README.md").rmdir()
    os.mkfifo(tmp_path / "README.md")
    with pytest.raises(ChuoigenError, match=r"README\.md is not a plain file"):
        write(OLD, tmp_path, force=force)


def test_the_folder_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    for action in (lambda: write(OLD, tmp_path / "out"), lambda: compare(OLD, tmp_path / "out")):
        with pytest.raises(ChuoigenError, match=r"cannot (read|write)") as caught:
            action()
        assert caught.value.help.startswith("A folder must be there")
    assert (tmp_path / "out").read_text() == "x"


# What is imported later is imported here: another user may not read the folder of this Python.
REFUSED = """
import os, resource, shutil, sys
from pathlib import Path
from chuoigen.diagnostics import ChuoigenError
from chuoigen.tree import Artifact, Tree, write
action, folder = sys.argv[1], Path(sys.argv[2])
if action == "full":
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
elif os.getuid() == 0:
    os.setuid(65534)
try:
    write(Tree.of([Artifact("README.md", "new"), Artifact("docker/app/x", "y"), Artifact("z/big", "x" * 5000)]), folder)
except ChuoigenError as error:
    print(error.message, error.help, sep="\\n")
"""


def test_a_full_disk_leaves_everything_as_it_was(tmp_path: Path) -> None:
    write(OLD, tmp_path)
    run = child(REFUSED, "full", tmp_path)
    assert run.stdout == (
        f"cannot write {tmp_path}: File too large\n"
        "Free some disk space and build again; every file is complete, in its old or its new version.\n"
    )
    assert on_disk(tmp_path) == expected(OLD)
    assert not (tmp_path / "z").exists()


@pytest.mark.parametrize("closed", [".", "docker/app", "scripts"])
def test_a_folder_that_cannot_be_written_leaves_everything_as_it_was(closed: str) -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to other users
        folder = Path(name)
        write(OLD, folder)
        for path in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
            path.chmod(0o777)
        (folder / closed).chmod(0o555)
        run = child(REFUSED, "closed", folder)
        assert run.stdout.splitlines() == [
            f"cannot write {folder / closed}: {os.strerror(errno.EACCES)}",
            "Give this user permission to read and write there, or choose another folder with --out.",
        ]
        assert on_disk(folder) == expected(OLD)
        (folder / closed).chmod(0o755)


# --- interruptions


def check_recovery(folder: Path) -> None:
    """Each file is old or new, nothing counts as edited, and the next build finishes the work."""
    for path, text in on_disk(folder).items():
        if not path.startswith(".chuoigen-") and text != "<folder>":
            assert text in {expected(OLD).get(path), expected(NEW).get(path)}, path
    if on_disk(folder).get("manifest.json") == NEW.manifest().text:
        assert {path: text for path, text in on_disk(folder).items() if not path.startswith(".chuoigen-")} in (
            expected(NEW),
            {**expected(NEW), "docker/log": "<folder>"},
        )  # the manifest comes last
    copy = folder.parent / f"{folder.name}-back"
    shutil.copytree(folder, copy)
    for target, tree in ((folder, NEW), (copy, OLD)):
        assert compare(tree, target).edited == ()
        write(tree, target)
        assert on_disk(target) == expected(tree)


@pytest.mark.parametrize("count", range(1, 6))
def test_a_rename_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    folder = tmp_path / "out"
    write(OLD, folder)
    replace, calls = os.replace, iter(range(1, 100))

    def failing(old: Path, new: Path) -> None:
        if next(calls) == count:
            raise OSError(errno.EIO, "the disk says no", str(old), None, str(new))
        replace(old, new)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(ChuoigenError, match=r"cannot write .*: the disk says no"):
        write(NEW, folder)
    monkeypatch.undo()
    assert not (folder / ".chuoigen-new").exists()
    check_recovery(folder)


def test_ctrl_c_between_renames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "out"
    write(OLD, folder)
    replace, calls = os.replace, iter(range(100))

    def interrupted(old: Path, new: Path) -> None:
        if next(calls) == 2:
            raise KeyboardInterrupt
        replace(old, new)

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(NEW, folder)
    monkeypatch.undo()
    check_recovery(folder)


# Forks one process after the other, and kills each one event later than the one before.
KILLED = """
import itertools, json, os, shutil, signal, sys
from pathlib import Path
from chuoigen.tree import Artifact, Tree, write
start, work = Path(sys.argv[1]), Path(sys.argv[2])
tree = Tree.of([Artifact(*one) for one in json.loads(sys.argv[3])])
watched = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.listdir", "fcntl.flock"}
write(Tree.of([Artifact("warm", "up")]), work / "warm")
for count in itertools.count(1):
    folder = work / str(count) / "out"
    folder.parent.mkdir()
    if start.exists():
        shutil.copytree(start, folder)
    process = os.fork()
    if process == 0:
        seen = itertools.count(1)
        def hook(event, arguments):
            if event in watched and next(seen) == count:
                os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(hook)
        write(tree, folder)
        os._exit(0)
    if os.waitpid(process, 0)[1] == 0:
        break
print(count)
"""


@pytest.mark.parametrize("first", [True, False])
def test_a_build_killed_at_any_moment(tmp_path: Path, first: bool) -> None:
    start = tmp_path / "start"
    if not first:
        write(OLD, start)
    (tmp_path / "work").mkdir()
    files = [(file.path, file.text, file.executable) for file in NEW.values()]
    run = child(KILLED, start, tmp_path / "work", json.dumps(files))
    assert run.stderr == ""
    count = int(run.stdout)
    assert count > 25
    for number in range(1, count + 1):
        folder = tmp_path / "work" / str(number) / "out"
        if folder.exists():
            check_recovery(folder)


def test_builds_killed_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "out"
    write(OLD, folder)
    replace = os.replace
    trees = [Tree.of([Artifact(path, f"{number} {path}\n") for path in "abcd"]) for number in range(4)]
    for number, tree in enumerate(trees):
        calls = iter(range(100))

        def interrupted(old: Path, new: Path, stop: int = 2 + number % 3, calls: object = calls) -> None:
            if next(calls) == stop:  # type: ignore[call-overload]
                raise KeyboardInterrupt
            replace(old, new)

        monkeypatch.setattr(os, "replace", interrupted)
        with pytest.raises(KeyboardInterrupt):
            write(tree, folder)
        monkeypatch.undo()
    write(NEW, folder)
    assert on_disk(folder) == expected(NEW)


def test_a_file_edited_after_a_killed_build_is_still_noticed(tmp_path: Path) -> None:
    write(OLD, tmp_path)
    journal = {path: {"sha256": [file.digest]} for path, file in NEW.items()}
    (tmp_path / ".chuoigen-build.json").write_text(json.dumps({"version": 1, "files": journal}))
    (tmp_path / "ecs").mkdir()
    (tmp_path / "ecs/service.json").write_text("{}\n")
    (tmp_path / "README.md").write_text("mine\n")
    assert compare(OLD, tmp_path) == Comparison(
        changed=("README.md",), stale=("ecs/service.json",), edited=("README.md",)
    )


def test_two_builds_at_a_time_wait_for_each_other(tmp_path: Path) -> None:
    handle = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    second = threading.Thread(target=write, args=(OLD, tmp_path))
    second.start()
    time.sleep(0.2)
    assert on_disk(tmp_path) == {}
    os.close(handle)
    second.join(10)
    assert on_disk(tmp_path) == expected(OLD)


def test_many_builds_at_a_time_leave_one_of_them(tmp_path: Path) -> None:
    threads = [threading.Thread(target=write, args=(tree, tmp_path / "out")) for tree in (OLD, NEW) * 8]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert on_disk(tmp_path / "out") in (expected(OLD), expected(NEW))


def test_a_new_spelling_of_a_path_survives_where_case_is_ignored(tmp_path: Path) -> None:
    write(Tree.of([Artifact("docker/App", "x")]), tmp_path)
    (tmp_path / "docker/app").hardlink_to(tmp_path / "docker/App")  # two names of one file, as there
    new = Tree.of([Artifact("docker/app", "x")])
    assert write(new, tmp_path).removed == ()
    assert (tmp_path / "docker/app").read_text() == "x"


files = st.dictionaries(
    st.sampled_from(["a", "b/c", "b/d", "e/f/g", "e/h i", "ü"]),
    st.tuples(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), st.booleans()),
).map(lambda chosen: Tree.of([Artifact(path, text, executable) for path, (text, executable) in chosen.items()]))


@given(files, files)
def test_any_tree_after_any_other(first: Tree, second: Tree) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "out"
        write(first, folder)
        write(second, folder)
        assert compare(second, folder) == Comparison()
        assert unified_diff(second, folder) == ""
        found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        assert found == {path: text.encode() for path, text in expected(second).items()}


# --- diff


def test_the_diff_of_a_build_is_empty(tmp_path: Path) -> None:
    write(OLD, tmp_path)
    assert unified_diff(OLD, tmp_path) == ""
    assert compare(OLD, tmp_path).current


def test_diff_says_new_changed_removed_and_modes(tmp_path: Path) -> None:
    write(OLD, tmp_path)
    (tmp_path / "docker/app/Dockerfile").chmod(0o755)
    assert unified_diff(NEW, tmp_path, prefix="out/qa/") == (
        "diff --git a/out/qa/README.md b/out/qa/README.md\n"
        "--- a/out/qa/README.md\n+++ b/out/qa/README.md\n@@ -1 +1 @@\n-old\n+new\n"
        "diff --git a/out/qa/docker/app/Dockerfile b/out/qa/docker/app/Dockerfile\n"
        "old mode 100755\nnew mode 100644\n"
        "diff --git a/out/qa/docker/log/fluent.conf b/out/qa/docker/log/fluent.conf\n"
        "deleted file mode 100644\n--- a/out/qa/docker/log/fluent.conf\n+++ /dev/null\n@@ -1 +0,0 @@\n-<source>\n"
        "diff --git a/out/qa/ecs/service.json b/out/qa/ecs/service.json\n"
        "new file mode 100644\n--- /dev/null\n+++ b/out/qa/ecs/service.json\n@@ -0,0 +1 @@\n+{}\n"
        "diff --git a/out/qa/scripts/deploy.sh b/out/qa/scripts/deploy.sh\n"
        "--- a/out/qa/scripts/deploy.sh\n+++ b/out/qa/scripts/deploy.sh\n@@ -1 +1 @@\n-echo old\n+echo new\n"
    )


def test_diff_shows_the_manifest_when_nothing_else_differs(tmp_path: Path) -> None:
    write(OLD, tmp_path)
    (tmp_path / "manifest.json").unlink()
    assert unified_diff(OLD, tmp_path).startswith("diff --git a/manifest.json b/manifest.json\nnew file mode 100644\n")


def test_diff_says_when_the_last_line_has_no_end(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("one\ntwo")
    assert unified_diff(Tree.of([Artifact("a", "one\ntwo\n")]), tmp_path) == (
        "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n one\n-two\n\\ No newline at end of file\n+two\n"
    )


def test_diff_does_not_print_what_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xff\xfe")
    (tmp_path / "b c").write_bytes(b"x" * 2_000_000)
    assert unified_diff(Tree.of([Artifact("a", "x"), Artifact("b c", "x")]), tmp_path) == (
        "diff --git a/a b/a\nBinary files a/a and b/a differ\n"
        "diff --git a/b c b/b c\nBinary files a/b c and b/b c differ\n"
    )


@pytest.mark.needs("git")
@given(files, files)
def test_git_applies_the_diff(first: Tree, second: Tree) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(first, folder)
        difference = unified_diff(second, folder)
        if not difference:
            return
        subprocess.run(
            ["git", "apply", "--whitespace=nowarn", "-"],
            cwd=folder,
            input=difference.encode(),
            check=True,
            env={**os.environ, "GIT_DIR": "/nonexistent"},
        )
        (folder / "manifest.json").write_text(second.manifest().text)
        assert compare(second, folder) == Comparison()
