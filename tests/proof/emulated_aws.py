"""An AWS in one process, moto behind the real AWS CLI, that forks: each stage of it can be tried many times.

A script finds an `aws` that hands its words over through pipes. The process that answers runs the CLI's own main() in
itself, where moto answers instead of AWS: some milliseconds a call rather than half a second.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.proof.aws_events import busy, drift, exits, foreign, forget, push, share
from tests.proof.aws_serving import Serving
from tests.proof.aws_shifting import ends, pauses
from tests.proof.aws_state import surroundings, told
from tests.proof.builds import ROOT, build_of
from tests.proof.pipeline_runs import write_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.proof.builds import Build

AWS = """\
#!/bin/sh
{ printf '%s\\0' "$@"; printf '\\1\\0'; } >"$CALLS/request"
read -r code <"$CALLS/response"
cat "$CALLS/error" >&2
cat "$CALLS/answer"
exit "$code"
"""
# A push makes the image appear in ECR, as a registry would.
DOCKER = """\
#!/bin/sh
set -eu
[ "$1" = push ] || exit 0
repository=${2#*/}
aws ecr put-image --region "$REGION" --repository-name "${repository%:*}" --image-tag "${2##*:}" --image-manifest \\
    "{\\"schemaVersion\\":2,\\"mediaType\\":\\"application/vnd.oci.image.manifest.v1+json\\",\\"annotations\\":{\\"a\\":\\"$2\\"}}"
"""
CALLS_MAX = 250
SECONDS_MAX = 30
# What happens to an account between two scripts: steps whose names begin with a colon.
_EVENTS: dict[str, Callable[..., None]] = {
    ":drift": drift,
    ":push": push,
    ":foreign": foreign,
    ":busy": busy,
    ":share": share,
    ":exit": exits,
    ":end": ends,
    ":pause": pauses,
}
READS = ("describe", "list", "get", "head", "wait", "batch-get", "configure")


class Emulator:
    """Stages of an AWS, each a process that waits at a socket; `first` holds what the spec takes for granted."""

    def __init__(self, build: Build) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="aws-"))
        (self.folder / "main").write_text(str(os.getpid()))
        # Not a fork of this process: it may have threads, and a fork keeps the locks that they held for ever.
        command = [sys.executable, "-m", "tests.proof.emulated_aws", build.name, str(self.folder)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL)
        self._await("first")

    def _await(self, stage: str) -> None:
        for _ in range(600):
            if (self.folder / stage).exists():
                return
            select.select([], [], [], 0.05)
        raise TimeoutError(f"the stage {stage} does not come up")

    def run(
        self,
        stage: str,
        steps: Sequence[Sequence[str]],
        *,
        changed: dict[str, str] | None = None,
        keep: str = "",
    ) -> list[dict[str, Any]]:
        """Run scripts upon a stage; return code, output, changing calls and the state after each of them.

        The stage stays as it was; `keep` names the stage that it becomes.
        """
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(SECONDS_MAX * len(steps) + 30)
            client.connect(str(self.folder / stage))
            client.sendall(json.dumps({"steps": steps, "changed": changed or {}, "keep": keep}).encode() + b"\n")
            answer = b"".join(iter(lambda: client.recv(1 << 16), b""))
        if keep:
            self._await(keep)
        result = json.loads(answer)
        assert isinstance(result, list), result
        return result

    def close(self) -> None:
        (self.folder / "end").write_text("")
        for stage in self.folder.iterdir():
            if stage.is_socket():
                with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
                    client.connect(str(stage))
        self.process.wait(timeout=60)
        shutil.rmtree(self.folder, ignore_errors=True)


def _quietly(work: Any) -> None:
    """Do the work of a forked process, and end it without its parent's exit handlers."""
    try:
        work()
    except BaseException:  # noqa: BLE001  a fork must never come back into its parent's code
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(0)


def _first(build: Build, folder: Path) -> None:
    """Become the AWS that a spec takes for granted."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI",
        "AWS_CLI_FILE_ENCODING": "UTF-8",
        "AWS_EC2_METADATA_DISABLED": "true",
        "HOME": "/nonexistent",
        "MOTO_ACCOUNT_ID": build.plan.account,
        "MOTO_ACM_VALIDATION_WAIT": "0",
        "MOTO_ECS_SERVICE_RUNNING": str(build.plan.service.desired_count if build.plan.service else 1),
        "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
    }
    import time

    import awscli.clidriver
    from moto import mock_aws

    mock_aws().start()
    time.sleep = lambda _: None  # waiters of things that never come
    names = surroundings(build.plan)
    server = _Server(build, folder, names, awscli.clidriver.create_clidriver())
    if os.fork() == 0:
        # The same account when the ids of the spec are nobody's.
        forget(build.plan)
        _quietly(lambda: _Server(build, folder, {}, server.driver).listen("bare"))
    server.listen("first")


class _Server:
    def __init__(self, build: Build, folder: Path, names: dict[str, str], driver: Any) -> None:
        self.build, self.folder, self.names, self.driver = build, folder, names, driver
        self.serving = Serving(build.plan)
        # The process that asks; when it is gone, whatever way it went, nobody else will ask.
        self.main = int((folder / "main").read_text())

    def listen(self, stage: str) -> None:
        """Answer requests, each in a fork, until the folder says that it is over."""
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(self.folder / f"{stage}.new"))
            listener.listen(8)
            (self.folder / f"{stage}.new").rename(self.folder / stage)
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)
            while True:
                while not select.select([listener], [], [], 5)[0]:
                    if not Path(f"/proc/{self.main}").exists():
                        return
                connection, _ = listener.accept()
                if (self.folder / "end").exists():
                    return
                if os.fork() == 0:
                    listener.close()
                    _quietly(lambda connection=connection: self._answer(connection))
                connection.close()

    def _answer(self, connection: socket.socket) -> None:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        with connection:
            request = json.loads(connection.makefile("r").readline())
            results = []
            with tempfile.TemporaryDirectory(dir=self.folder, prefix="run-") as folder:
                self._write(Path(folder), request["changed"])
                results = [self._step(Path(folder), step) for step in request["steps"]]
            connection.sendall(json.dumps(results).encode())
            connection.shutdown(socket.SHUT_RDWR)
        if request["keep"]:
            self.listen(request["keep"])

    def _write(self, folder: Path, changed: dict[str, str]) -> None:
        """Write the build with the ids of this AWS in place of those of the spec, and the tools."""
        out = folder / self.build.plan.output
        build = self.build
        for path, text in changed.items():
            build = build.altered(path, text)
        # A file of a rule is called after the group that it admits.
        texts = {self._ours(path): self._ours(text) for path, text in build.files.items()}
        for path, text in texts.items():
            build = build.altered(path, text)
        build.write(out)
        write_sources(build, folder)
        for name, text in {"aws": AWS, "docker": DOCKER, "sleep": "#!/bin/sh\n"}.items():
            (folder / name).write_text(text)
            (folder / name).chmod(0o755)
        for name in ("request", "response"):
            os.mkfifo(folder / name)

    def _ours(self, text: str) -> str:
        for given, made in self.names.items():
            text = text.replace(given, made)
        return text

    def _step(self, folder: Path, step: list[str]) -> dict[str, Any]:
        script, *arguments = step
        if script.startswith(":"):
            _EVENTS[script](self.build.plan, *arguments)
            return {"script": script}
        # "!3": the third call fails; "@NAME=value": a variable; "<text": what is typed.
        fail_at = next((int(word[1:]) for word in arguments if word[0] == "!"), 0)
        given = dict(word[1:].split("=", 1) for word in arguments if word[0] == "@")
        typed = "".join(word[1:] + "\n" for word in arguments if word[0] == "<")
        arguments = [word for word in arguments if word[0] not in "!@<"]
        environment = {
            "PATH": f"{folder}:{os.environ['PATH']}",
            "CALLS": str(folder),
            "REGION": self.build.plan.region,
            "HOME": "/nonexistent",
            "LC_ALL": "C.UTF-8",
            **given,
        }
        (folder / "stdin").write_text(typed)
        self.serving.lost = []
        with (folder / "stdout").open("w+") as output, (folder / "stdin").open() as keyboard:
            process = subprocess.Popen(
                ["sh", str(folder / self.build.plan.output / "scripts" / script), *arguments],
                stdin=keyboard,
                stdout=output,
                stderr=output,
                cwd=folder,
                env=environment,
                start_new_session=True,
            )
            calls = self._serve(folder, process, fail_at)
            output.seek(0)
            said = output.read()
        state = told(self.build.plan, self.names)
        changes = [call for call in calls if not call[1].startswith(READS) and "--generate-cli-skeleton" not in call]
        return {
            "script": script,
            "code": process.returncode,
            "said": said,
            "calls": calls,
            "changes": changes,
            "state": state,
            "lost": self.serving.lost,
        }

    def _serve(self, folder: Path, process: subprocess.Popen[bytes], fail_at: int) -> list[list[str]]:
        """Answer the calls of a script until it ends; one that calls for ever is stopped."""
        calls: list[list[str]] = []
        ended = os.pidfd_open(process.pid)
        # Both pipes stay open here, so that no reader ever meets their end.
        requests = os.open(folder / "request", os.O_RDWR)
        responses = os.open(folder / "response", os.O_RDWR)
        waiting = b""
        try:
            while True:
                ready, _, _ = select.select([requests, ended], [], [], SECONDS_MAX)
                if requests in ready:
                    waiting += os.read(requests, 1 << 16)
                    while b"\0\1\0" in waiting or waiting.startswith(b"\1\0"):
                        call, _, waiting = waiting.partition(b"\1\0")
                        calls.append([word.decode() for word in call.split(b"\0")[:-1]])
                        code = self._call(folder, ["fail"] if len(calls) == fail_at else calls[-1])
                        os.write(responses, f"{code}\n".encode())
                elif ended in ready:
                    return calls
                if not ready or len(calls) > CALLS_MAX:
                    os.killpg(process.pid, signal.SIGKILL)
                    return calls
        finally:
            process.wait()
            for descriptor in (requests, responses, ended):
                os.close(descriptor)

    def _call(self, folder: Path, words: list[str]) -> int:
        output, error = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(error):
            try:
                code = int(self.driver.main(words))
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 255
        self.serving.settle(" ".join(words[:2]))
        (folder / "answer").write_text(output.getvalue())
        (folder / "error").write_text(error.getvalue())
        return code


if __name__ == "__main__":
    _first(build_of(sys.argv[1]), Path(sys.argv[2]))
