"""The action for GitHub and the component for GitLab: their steps in the shell that a runner starts, an API beside it."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from chuoigen.report.review_markdown import MARKER
from tests.repository import ROOT, SMALL, WRONG, chuoigen, commit, environment, repository

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.needs("git", "bash")

TOKEN = "gh-secret-token"
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
HEADER, JOBS = yaml.safe_load_all((ROOT / "templates/chuoigen/template.yml").read_text(encoding="utf-8"))
CHANGED = SMALL.replace("sleep 60", "sleep 61")


class Comments(ThreadingHTTPServer):
    """The comments of one pull request, as both forges keep them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.comments: list[dict[str, Any]] = []
        self.requests: list[tuple[str, str, str]] = []
        self.answers: dict[str, tuple[int, object]] = {}
        self.user: dict[str, Any] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def add(self, body: str, **author: object) -> dict[str, Any]:
        made = {"id": 100 + len(self.comments), "body": body, "user": author, "author": author, "html_url": "the-place"}
        self.comments.append(made)
        return made

    def methods(self) -> list[str]:
        return [method for method, _, _ in self.requests]


class Handler(BaseHTTPRequestHandler):
    server: Comments

    def log_message(self, *_: object) -> None:
        """Stay silent."""

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        data = json.loads(self.rfile.read(length) or b"{}")
        path, _, query = self.path.partition("?")
        token = self.headers.get("PRIVATE-TOKEN") or self.headers.get("Authorization", "").removeprefix("Bearer ")
        self.server.requests.append((self.command, self.path, token))
        status, content = self.server.answers.get(self.command) or self.usual(path, query, data)
        text = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.end_headers()
        self.wfile.write(text)

    def usual(self, path: str, query: str, data: dict[str, str]) -> tuple[int, object]:
        if path.endswith("/user"):
            return (200, self.server.user) if self.server.user else (403, {"message": "not accessible"})
        if self.command == "GET":
            asked = dict(pair.split("=") for pair in query.split("&"))
            start = (int(asked["page"]) - 1) * int(asked["per_page"])
            return 200, self.server.comments[start : start + int(asked["per_page"])]
        author = {"id": self.server.user["id"]} if self.server.user else {"id": 41, "type": "Bot"}
        if self.command == "POST":
            return 201, self.server.add(data["body"], **author)
        (comment,) = (one for one in self.server.comments if path.endswith(f"/{one['id']}"))
        comment["body"] = data["body"]
        return 200, comment

    do_GET = do_POST = do_PATCH = do_PUT = answer  # noqa: N815  the names that the library looks for


@pytest.fixture
def server() -> Iterator[Comments]:
    with Comments() as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


class Runner:
    """A runner: a clone of depth 1 of a pull request, and what its environment has."""

    def __init__(self, folder: Path, server: Comments) -> None:
        self.origin, self.clone, self.temporary = folder / "origin", folder / "a clone", folder / "runner"
        self.server = server
        repository(self.origin, qa=SMALL)
        (self.origin / ".git").rmdir()
        commit(self.origin)
        git(self.origin, "branch", "-M", "main")
        self.base = git(self.origin, "rev-parse", "HEAD")
        tools = self.temporary / "chuoigen" / "bin"
        tools.mkdir(parents=True)
        for name, command in (("python", sys.executable), ("chuoigen", f"{sys.executable} -m chuoigen")):
            (tools / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
            (tools / name).chmod(0o755)
        self.variables = environment(RUNNER_TEMP=str(self.temporary))
        self.told: dict[str, str] = {}
        self.fork = False

    def propose(self, **specs: str) -> None:
        """Commit specs to a branch; main goes on; clone what a forge builds of the two, without history."""
        git(self.origin, "checkout", "-q", "-B", "topic", self.base)
        for name, text in specs.items():
            (self.origin / "spec" / f"{name}.yaml").write_text(text, encoding="utf-8")
        git(self.origin, "add", "-A")
        git(self.origin, "commit", "-q", "--allow-empty", "-m", "topic")
        git(self.origin, "checkout", "-q", "-B", "main", self.base)
        (self.origin / "spec" / "other.yaml").write_text(SMALL.replace("name: echo", "name: other"), encoding="utf-8")
        git(self.origin, "add", "-A")
        git(self.origin, "commit", "-q", "-m", "somebody else")
        git(self.origin, "checkout", "-q", "-B", "merged")
        git(self.origin, "merge", "-q", "--no-ff", "-m", "merge", "topic")
        self.check_out("merged")

    def check_out(self, branch: str, *, depth: int = 1) -> None:
        shutil.rmtree(self.clone, ignore_errors=True)
        git(self.origin, "clone", "-q", f"--depth={depth}", "-b", branch, self.origin.as_uri(), str(self.clone))

    def github(self) -> dict[str, str]:
        event = self.temporary / "event.json"
        source = "somebody/fork" if self.fork else "acme/shop"
        request = {"number": 7, "head": {"repo": {"full_name": source}}, "base": {"sha": self.base}}
        event.write_text(json.dumps({"pull_request": request}), encoding="utf-8")
        return {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.server.url,
            "GITHUB_REPOSITORY": "acme/shop",
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_SHA": git(self.origin, "rev-parse", "merged"),
            "GITHUB_STEP_SUMMARY": str(self.temporary / "summary.md"),
            "GITHUB_ACTION_PATH": str(ROOT),
        }

    def gitlab(self) -> dict[str, str]:
        return {
            "GITLAB_CI": "true",
            "CI_API_V4_URL": f"{self.server.url}/api/v4",
            "CI_MERGE_REQUEST_IID": "7",
            "CI_MERGE_REQUEST_PROJECT_ID": "12",
            "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "13" if self.fork else "12",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": self.base,
            "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": git(self.origin, "rev-parse", "merged^1"),
            "CHUOIGEN_TOKEN": TOKEN,
        }

    def run(self, command: list[str], variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command,
            cwd=self.clone,
            env={**self.variables, **variables, **self.told},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert TOKEN not in done.stdout + done.stderr
        return done

    def step(self, name: str, **inputs: str) -> subprocess.CompletedProcess[str]:
        """Run a step of the action as GitHub does: expressions filled in, bash as it starts it."""
        (step,) = (one for one in ACTION["runs"]["steps"] if one["name"] == name)
        assert step["shell"] == "bash"
        values = {key: str(one.get("default", "")) for key, one in ACTION["inputs"].items()} | inputs
        values["token"] = inputs.get("token", TOKEN)
        script = self.temporary / "step.sh"
        script.write_text(step["run"], encoding="utf-8")
        told = {
            key: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: values[found[1]], text)
            for key, text in step["env"].items()
        }
        return self.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)], self.github() | told)

    def job(self, name: str, shell: str = "bash", **inputs: str) -> subprocess.CompletedProcess[str]:
        """Run a job of the component as GitLab does: all lines in one shell, which ends at the first that fails."""
        job = JOBS[name]
        values = {key: str(one.get("default", "")) for key, one in HEADER["spec"]["inputs"].items()} | inputs
        base = JOBS[job["extends"]]
        lines = [line for line in (*base["before_script"], *job["script"]) if "venv" not in line and "pip" not in line]
        told = {
            key: re.sub(r"\$\[\[ inputs\.([\w-]+) \]\]", lambda found: values[found[1]], one["value"])
            for key, one in (base["variables"] | job.get("variables", {})).items()
        }
        told["PATH"] = f"{self.temporary / 'chuoigen' / 'bin'}{os.pathsep}{self.variables['PATH']}"
        return self.run([shell, "-e", "-c", "\n".join(lines)], self.gitlab() | told)


@pytest.fixture
def runner(tmp_path: Path, server: Comments) -> Runner:
    return Runner(tmp_path, server)


COMMENT = "Comment what changes"


def test_no_input_is_part_of_a_script() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"], step["name"]
    for name, job in JOBS.items():
        scripts = "\n".join((*job.get("before_script", ()), *job.get("script", ())))
        assert "$[[" not in scripts, name
        assert all(one["expand"] is False for one in job.get("variables", {}).values()), name


def test_the_page_has_every_input_and_no_other() -> None:
    text = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    github, gitlab = text.partition("## GitLab")[0], text.partition("## GitLab")[2].partition("## The comment")[0]
    for part, inputs in ((github, ACTION["inputs"]), (gitlab, HEADER["spec"]["inputs"])):
        rows = [row.split("|")[1] for row in part.splitlines() if row.startswith("| `")]
        assert re.findall(r"`([\w-]+)`", " ".join(rows)) == unordered(inputs, rows)
        (example,) = re.findall(r"```yaml\n(.*?)```", part, re.DOTALL)
        used = re.findall(r"^ +(?:with|inputs):\n((?: +[\w-]+:.*\n)+)", example, re.MULTILINE)
        assert used
        assert set(re.findall(r"([\w-]+):", used[0])) <= set(inputs)


def unordered(inputs: dict[str, Any], rows: list[str]) -> list[str]:
    """Return the names of inputs in the order of the rows."""
    text = " ".join(rows)
    return sorted(inputs, key=lambda name: text.find(f"`{name}`"))


def test_a_finding_of_one_step_does_not_keep_the_others_from_running() -> None:
    steps = {step["name"]: step.get("if", "") for step in ACTION["runs"]["steps"]}
    assert list(steps) == ["Install chuoigen", "Lint", "Check that the output is current", COMMENT]
    for name in ("Check that the output is current", COMMENT):
        assert "!cancelled()" in steps[name]
        assert "steps.install.outcome == 'success'" in steps[name]


@pytest.mark.parametrize(
    ("spec", "status", "said"),
    [(SMALL, 0, ""), (WRONG, 1, "::error file=spec/qa.yaml,line=4,endLine=4,col=")],
    ids=["clean", "wrong"],
)
def test_lint_makes_annotations(runner: Runner, spec: str, status: int, said: str) -> None:
    runner.propose(qa=spec)
    done = runner.step("Lint")
    assert done.returncode == status, done.stderr
    assert done.stdout.startswith(said)
    assert bool(done.stdout) == bool(said)


def test_a_stale_output_is_found(runner: Runner) -> None:
    runner.propose()
    assert runner.step("Check that the output is current").returncode == 1
    assert chuoigen("build", cwd=runner.clone).returncode == 0
    assert runner.step("Check that the output is current").returncode == 0


def test_several_specs_stand_one_a_line_and_none_is_a_command(runner: Runner) -> None:
    runner.propose(**{"b c": SMALL.replace("name: echo", "name: spaced")})
    done = runner.step("Lint", specs="spec/qa.yaml\n\nspec/b c.yaml\n")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    done = runner.step("Lint", specs='spec/qa.yaml"; touch evil; $(touch evil) `touch evil`\n--fix')
    assert done.returncode == 2
    assert not (runner.clone / "evil").exists()


@pytest.mark.parametrize("forge", ["github", "gitlab"])
def test_the_comment_is_made_once_and_then_updated(runner: Runner, server: Comments, forge: str) -> None:
    server.user = {"id": 5} if forge == "gitlab" else None
    run: dict[str, Callable[[str], subprocess.CompletedProcess[str]]] = {"github": runner.step, "gitlab": runner.job}
    comment = functools.partial(run[forge], {"github": COMMENT, "gitlab": "chuoigen-comment"}[forge])
    server.add("a person's words", id=1, type="User")
    runner.propose(qa=CHANGED)
    done = comment()
    assert done.returncode == 0, done.stderr
    assert len(server.comments) == 2
    body = server.comments[1]["body"]
    assert body.startswith(f"{MARKER}\n")
    assert "spec/qa.yaml: 1 change" in body
    assert "sleep 61" in body
    assert "spec/other.yaml: no change" in body
    runner.propose(qa=SMALL.replace("sleep 60", "sleep 62"))
    assert comment().returncode == 0
    assert len(server.comments) == 2
    assert "sleep 62" in server.comments[1]["body"]
    assert [method for method in server.methods() if method != "GET"] == [
        "POST",
        {"github": "PATCH", "gitlab": "PUT"}[forge],
    ]
    assert {token for _, _, token in server.requests} == {TOKEN}
    runner.propose()
    assert comment().returncode == 0
    assert "spec/qa.yaml: no change" in server.comments[1]["body"]


def test_nothing_changed_makes_no_comment(runner: Runner, server: Comments) -> None:
    runner.propose()
    done = runner.step(COMMENT)
    assert (done.returncode, set(server.methods())) == (0, {"GET"}), done.stderr


def test_the_comment_is_found_behind_pages_of_others(runner: Runner, server: Comments) -> None:
    for number in range(230):
        server.add(f"{number}", id=1, type="User")
    server.add(f"{MARKER}\nforged", id=1, type="User")
    mine = server.add(f"{MARKER}\nolder", id=41, type="Bot")
    server.add(f"quoted\n{MARKER}", id=41, type="Bot")
    runner.propose(qa=CHANGED)
    assert runner.step(COMMENT).returncode == 0
    assert "sleep 61" in mine["body"]
    assert len(server.comments) == 233
    assert server.comments[230]["body"].endswith("forged")
    assert server.methods() == ["GET", "GET", "GET", "GET", "PATCH"]


def test_a_token_of_a_person_updates_that_person_s_comment(runner: Runner, server: Comments) -> None:
    server.user = {"id": 9}
    server.add(f"{MARKER}\na bot's", id=41, type="Bot")
    mine = server.add(f"{MARKER}\nolder", id=9, type="User")
    runner.propose(qa=CHANGED)
    assert runner.step(COMMENT).returncode == 0
    assert "sleep 61" in mine["body"]


@pytest.mark.parametrize("fork", [True, False])
def test_a_run_that_may_not_write_has_a_summary_where_it_is_for_a_fork(
    runner: Runner, server: Comments, fork: bool
) -> None:
    runner.propose(qa=CHANGED)
    runner.fork = fork
    server.answers["POST"] = (403, {"message": f"Resource not accessible by integration {TOKEN}"})
    done = runner.step(COMMENT)
    summary = runner.temporary / "summary.md"
    if fork:
        assert done.returncode == 0, done.stderr
        assert "sleep 61" in summary.read_text(encoding="utf-8")
    else:
        assert done.returncode == 2
        assert "was answered with 403: Resource not accessible by integration •••" in done.stderr
        assert "help: the token may not write comments: the job needs permissions: pull-requests: write" in done.stderr
        assert not summary.exists()


def test_without_a_token_there_is_a_summary_or_a_log(runner: Runner, server: Comments) -> None:
    runner.propose(qa=CHANGED)
    done = runner.step(COMMENT, token="")
    assert (done.returncode, server.requests) == (0, []), done.stderr
    assert "sleep 61" in (runner.temporary / "summary.md").read_text(encoding="utf-8")
    runner.told = {"CHUOIGEN_TOKEN": ""}
    done = runner.job("chuoigen-comment")
    assert (done.returncode, server.requests) == (0, []), done.stderr
    assert "sleep 61" in done.stdout


@pytest.mark.parametrize(
    ("method", "status", "content", "said"),
    [
        (
            "GET",
            500,
            b"<html>",
            "GET {url}/repos/acme/shop/issues/7/comments was answered with 500: Internal Server Error",
        ),
        ("GET", 301, {"message": "Moved"}, "was answered with 301: Moved"),
        (
            "POST",
            422,
            {"message": "Validation Failed"},
            "POST {url}/repos/acme/shop/issues/7/comments was answered with 422: Validation Failed",
        ),
        ("POST", 429, {"message": {"base": ["slow down"]}}, 'was answered with 429: {{"base": ["slow down"]}}'),
    ],
)
def test_an_answer_that_is_an_error_is_said(
    runner: Runner, server: Comments, method: str, status: int, content: object, said: str
) -> None:
    runner.propose(qa=CHANGED)
    server.answers[method] = (status, content)
    done = runner.step(COMMENT)
    assert done.returncode == 2
    assert said.format(url=server.url) in done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_that_is_not_there_is_said(runner: Runner, server: Comments) -> None:
    runner.propose(qa=CHANGED)
    runner.variables["no_proxy"] = "*"
    server.server_close()
    done = runner.step(COMMENT)
    assert done.returncode == 2
    assert "/user has no answer: " in done.stderr


def test_a_spec_with_errors_is_named_in_the_comment(runner: Runner, server: Comments) -> None:
    runner.propose(qa=WRONG)
    assert runner.step(COMMENT).returncode == 0
    assert "**1 error stands against the specs" in server.comments[0]["body"]


def test_a_revision_that_is_nowhere_is_said_and_nothing_is_written(runner: Runner, server: Comments) -> None:
    runner.propose(qa=CHANGED)
    done = runner.step(COMMENT, against="no-such-branch")
    assert (done.returncode, server.requests) == (2, [])
    assert "no-such-branch, with which the specs are to be compared, is not in this clone" in done.stderr


@pytest.mark.parametrize("against", ["main", "HEAD"])
def test_another_revision_may_be_named(runner: Runner, server: Comments, against: str) -> None:
    runner.propose(qa=CHANGED)
    assert runner.step(COMMENT, against=against).returncode == 0
    assert len(server.comments) == {"main": 1, "HEAD": 0}[against]


def test_where_the_branch_itself_is_checked_out_its_own_merges_do_not_count(runner: Runner, server: Comments) -> None:
    """The head of a branch may be a merge too, of main into it: its first parent is no base."""
    runner.propose(qa=CHANGED)
    git(runner.origin, "checkout", "-q", "-B", "head", "topic")
    git(runner.origin, "merge", "-q", "--no-ff", "-m", "catch up", "main")
    runner.base = git(runner.origin, "rev-parse", "main")
    runner.check_out("head")
    assert runner.step(COMMENT).returncode == 0
    assert "spec/qa.yaml: 1 change" in server.comments[0]["body"]


@pytest.mark.parametrize(("classes", "status"), [("data,new revision", 1), ("exposure", 0), ("no-class", 2)])
def test_a_change_of_a_feared_class_fails_behind_the_comment(
    runner: Runner, server: Comments, classes: str, status: int
) -> None:
    runner.propose(qa=CHANGED)
    assert runner.step(COMMENT, **{"fail-on": classes}).returncode == status
    assert len(server.comments) == 1


def test_a_run_without_a_pull_request_comments_nothing(runner: Runner, server: Comments) -> None:
    runner.propose(qa=CHANGED)
    (runner.temporary / "push.json").write_text("{}", encoding="utf-8")
    runner.told = {"GITHUB_EVENT_PATH": str(runner.temporary / "push.json")}
    done = runner.step(COMMENT)
    assert (done.returncode, server.requests) == (0, []), done.stderr
    assert done.stdout == "this run belongs to no pull request, so there is nothing to comment on\n"


@pytest.mark.parametrize("shell", ["bash", "sh"])
@pytest.mark.parametrize(("spec", "status"), [(SMALL, 0), (WRONG, 1)], ids=["clean", "wrong"])
def test_the_job_of_gitlab_has_a_report_and_a_log(runner: Runner, shell: str, spec: str, status: int) -> None:
    runner.propose(qa=SMALL)
    assert chuoigen("build", cwd=runner.clone).returncode == 0
    (runner.clone / "spec" / "qa.yaml").write_text(spec, encoding="utf-8")
    done = runner.job("chuoigen", shell, specs="spec/qa.yaml\nspec/other.yaml")
    assert done.returncode == status, done.stderr
    report = json.loads((runner.clone / JOBS["chuoigen"]["artifacts"]["reports"]["codequality"]).read_bytes())
    assert [one["check_name"] for one in report] == ["CG101 cpu-memory-pair"] * status
    assert ("spec/qa.yaml:4:59: error[CG101]" in done.stdout) == bool(status)


def test_the_component_s_stale_output_fails(runner: Runner) -> None:
    runner.propose()
    done = runner.job("chuoigen")
    assert done.returncode == 1
    assert "out/qa: " in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_the_install_step_installs(runner: Runner, tmp_path: Path, kind: str) -> None:
    """From the package index of this machine, like the hooks of pre-commit."""
    runner.propose()
    shutil.rmtree(runner.temporary / "chuoigen")
    kept = {name: os.environ[name] for name in os.environ if name.startswith("PIP_")}
    runner.variables = {name: value for name, value in runner.variables.items() if name != "PYTHONPATH"} | kept
    if kind == "github":
        done = runner.step("Install chuoigen", python=sys.executable)
        command = str(runner.temporary / "chuoigen" / "bin" / "chuoigen")
        assert done.returncode == 0, done.stderr
        assert runner.run([command, "--version"], {}).stdout.startswith("chuoigen ")
        return
    lines = [line for line in JOBS[".chuoigen"]["before_script"] if "set" not in line]
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").symlink_to(sys.executable)
    told = {"PATH": f"{tmp_path / 'bin'}{os.pathsep}{runner.variables['PATH']}", "CHUOIGEN_PACKAGE": str(ROOT)}
    done = runner.run(["bash", "-e", "-c", "\n".join([*lines, "chuoigen --version"])], told)
    assert done.stdout.startswith("chuoigen "), done.stderr
