"""What the entrypoints of the images do when they are run in a folder of ours."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chuoigen.recipes.fluentbit.planning import FluentbitPlan
from chuoigen.recipes.fluentd.planning import FluentdPlan
from chuoigen.recipes.nginx.planning import NginxPlan
from chuoigen.recipes.node.planning import NodePlan
from chuoigen.recipes.phoenix.planning import PhoenixPlan
from chuoigen.recipes.python.planning import PythonPlan
from chuoigen.recipes.rails.planning import RailsPlan
from tests.proof.joints_task import differ

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.proof.builds import Build
from tests.proof.joints_nginx import ADDRESS


def entrypoints(build: Build) -> Iterator[str]:
    """Each entrypoint does its work in a folder of ours, becomes its command, and refuses what it must refuse."""
    trials: dict[type, Callable[[Any, str, Path], Iterator[str]]] = {
        PhoenixPlan: _run_phoenix,
        RailsPlan: _run_rails,
        NodePlan: _run_node,
        PythonPlan: _run_python,
        NginxPlan: _run_nginx,
        FluentdPlan: _run_shipper,
        FluentbitPlan: _run_shipper,
    }
    for container in build.plan.built:
        trial = trials.get(type(container.build))
        if trial is not None:
            path = f"docker/{container.name}/entrypoint.sh"
            if path not in build.executable:
                yield f"{path} cannot be executed"
            with tempfile.TemporaryDirectory() as folder:
                yield from (f"{path}: {line}" for line in trial(container.build, build.files[path], Path(folder)))


def _run(script: str, folder: Path, **environment: str) -> tuple[int, str]:
    """Run a script with a command that shows whether it is the same process; return the exit code and what it said."""
    file = folder / "entrypoint.sh"
    file.write_text(script)
    word = 'test $PPID -eq "$0" && echo "became $*"'
    command = ["sh", str(file), "sh", "-c", word, str(os.getpid()), "a b"]
    result = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
        env={"PATH": os.environ["PATH"], **environment},
    )
    return result.returncode, result.stdout.strip()


def _is(where: str, found: tuple[int, str], code: int) -> Iterator[str]:
    yield from differ(where, found, (code, "became a b" if code == 0 else ""))


def _run_phoenix(recipe: PhoenixPlan, script: str, folder: Path) -> Iterator[str]:
    yield from _publishes(recipe.static_source, recipe.static_mount, script, folder)
    source = folder / "source"
    if source.exists():  # a release may have none; the builds of the other recipes stop there
        shutil.rmtree(source)
        script = script.replace(recipe.static_source, str(source))
        yield from _is("without static files", _run(script, folder), 0)


def _run_rails(recipe: RailsPlan, script: str, folder: Path) -> Iterator[str]:
    yield from _publishes(f"{recipe.root}/public", recipe.public, script, folder)


def _run_node(recipe: NodePlan, script: str, folder: Path) -> Iterator[str]:
    yield from _publishes(f"{recipe.folder_in_image}/{recipe.static}", recipe.static_mount, script, folder)


def _run_python(recipe: PythonPlan, script: str, folder: Path) -> Iterator[str]:
    script = script.replace(f"volume={recipe.volume}", f"volume={folder}/target")
    yield from _publishes(f"{recipe.root}/{recipe.static}", recipe.static_mount, script, folder)


def _publishes(published: str, mount: str | None, script: str, folder: Path) -> Iterator[str]:
    """Run an entrypoint that copies what is published into the mount at each start, or that copies nothing."""
    if mount is None:
        yield from _is("a start", _run(script, folder), 0)
        return
    source, target = folder / "source", folder / "target"
    script = script.replace(f"={mount}\n", f"={target}\n").replace(f"={published}\n", f"={source}\n")
    if str(source) not in script or str(target) not in script:
        yield f"it copies {published} to {mount} nowhere"
    (source / "js").mkdir(parents=True)
    (source / "js" / "a.js").write_text("a")
    yield from _is("without the volume", _run(script, folder), 73)
    target.mkdir()
    (target / "old.js").write_text("old")
    for _ in range(2):
        yield from _is("a start", _run(script, folder), 0)
        found = sorted(str(path.relative_to(target)) for path in target.rglob("*"))
        yield from differ("static files", found, ["js", "js/a.js", "old.js"])
    shutil.rmtree(target / "js", ignore_errors=True)
    (target / "js").write_text("in the way")
    if _run(script, folder)[0] == 0:
        yield "it starts although a file could not be copied"


def _run_nginx(recipe: NginxPlan, script: str, folder: Path) -> Iterator[str]:
    if recipe.upstream is None:
        yield from _is("a start", _run(script, folder), 0)
        return
    original, written = folder / "original.conf", folder / "written.conf"
    lines = f"server {ADDRESS}:4000; # APP_SERVER\nallow {ADDRESS};\n$a\n"
    original.write_text(lines)
    script = script.replace("/etc/nginx/nginx.conf", str(original)).replace("/tmp/nginx.conf", str(written))  # noqa: S108
    for server in ("", "app", "a-b.c_d9", "[::1]", "[fd00::A.9]"):
        given = {"APP_SERVER": server} if server else {}
        yield from _is(f"APP_SERVER={server}", _run(script, folder, **given), 0)
        wanted = lines.replace(ADDRESS, server or ADDRESS, 1)
        yield from differ(f"APP_SERVER={server}", written.read_text() if written.exists() else "", wanted)
    for server in ("a;b", "a b", "-a", ".a", "[a", "a]", "[]", "[g]", "a/b", "a:1", "[::1]:80"):
        yield from _is(f"APP_SERVER={server}", _run(script, folder, APP_SERVER=server), 64)


def _run_shipper(recipe: FluentdPlan | FluentbitPlan, script: str, folder: Path) -> Iterator[str]:
    """What happens at the end is proved in test_shippers.py."""
    state = folder / "state"
    script = script.replace(recipe.state, str(state))
    kept = "buffer" if isinstance(recipe, FluentdPlan) else "storage"
    both = {"S3_BUCKET": "b", "S3_REGION": "r"}
    yield from _stays("a start", _run(script, folder, **both), 0)
    yield from differ("the folder of the buffer", (state / kept).is_dir(), wanted=True)
    for name in both:
        code, said = _run(script, folder, **{key: value for key, value in both.items() if key != name})
        if code == 0 or said:
            yield f"it starts without {name}"
    for blocked in (state, state / kept):
        shutil.rmtree(state, ignore_errors=True)
        blocked.parent.mkdir(exist_ok=True)
        blocked.write_text("in the way")
        yield from _stays(f"{blocked.name} in the way", _run(script, folder, **both), 73)
        blocked.unlink()


def _stays(where: str, found: tuple[int, str], code: int) -> Iterator[str]:
    """Complain unless the entrypoint ran its command as a child, and ended with its exit code."""
    if code == 0:
        yield from differ(where, found, (1, ""))  # of `test $PPID -eq`: the shell stands between
    else:
        yield from differ(where, found, (code, ""))
