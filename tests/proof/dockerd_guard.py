"""Process 1 of the namespaces in which the tests' dockerd runs: starts it, and ends when nobody is connected any more.

When process 1 of a PID namespace ends, the kernel kills all others in it, and mounts and networks go with them.
"""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
import time
from pathlib import Path

REGISTRY = "10.77.0.1"  # not on 127.0.0.0/8, where docker does not look at certificates
HOSTS = f"127.0.0.1 localhost\n{REGISTRY} 999999999999.dkr.ecr.ap-northeast-1.amazonaws.com\n"


def main(folder: Path) -> None:
    (folder / "hosts").write_text(HOSTS)
    for command in (
        ["mount", "--bind", str(folder / "hosts"), "/etc/hosts"],
        ["busybox", "ip", "link", "set", "lo", "up"],
        ["busybox", "ip", "address", "add", f"{REGISTRY}/32", "dev", "lo"],
    ):
        subprocess.run(command, check=True)
    daemon = subprocess.Popen(
        [
            "/usr/sbin/dockerd",
            *("--host", f"unix://{folder}/docker.sock", "--data-root", folder / "data", "--exec-root", folder / "exec"),
            *("--pidfile", folder / "docker.pid", "--iptables=false", "--ip6tables=false", "--bridge=none"),
        ],
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SSL_CERT_FILE": str(folder / "ca.pem")},
    )
    while not (folder / "docker.sock").exists() and daemon.poll() is None:
        time.sleep(0.05)
    serve(folder, daemon)
    remove_containers(folder)


def serve(folder: Path, daemon: subprocess.Popen[bytes]) -> None:
    """Return when the last user has gone, nobody came in half a minute, or the daemon ended."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "guard.sock"))
        listener.listen()
        users: set[socket.socket] = set()
        patience = time.monotonic() + 30
        while (users or time.monotonic() < patience) and daemon.poll() is None:
            for ready in select.select([listener, *users], [], [], 0.5)[0]:
                if ready is listener:
                    users.add(listener.accept()[0])
                    patience = 0
                elif not ready.recv(1):
                    users.discard(ready)
                    if users:  # the last one is told by the end of this process
                        ready.close()
            reap(daemon)


def reap(daemon: subprocess.Popen[bytes]) -> None:
    """Take note of the orphans that ended: their parent is this process."""
    while daemon.poll() is None:
        ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended is None or ended.si_pid == daemon.pid:
            return
        os.waitpid(ended.si_pid, 0)


def remove_containers(folder: Path) -> None:
    """Let docker remove the control groups of its containers, the one thing that would outlive the namespaces."""
    script = "docker ps --all --quiet | xargs -r docker rm --force >/dev/null"
    environment = {"PATH": "/usr/bin:/bin", "DOCKER_HOST": f"unix://{folder}/docker.sock"}
    try:
        subprocess.run(["sh", "-c", script], env=environment, timeout=20, check=False)
    except subprocess.TimeoutExpired:
        print("containers are left over", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
