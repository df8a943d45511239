"""Base images of Node.js made of the host's own node and npm, with the programs of a slim Debian and no others."""

from __future__ import annotations

import subprocess
from pathlib import Path

from chuoigen.recipes.node import facts
from tests.conftest import require
from tests.proof.dockerd import DOCKER, Daemon
from tests.proof.npm_registry import SETTINGS
from tests.proof.standins import BIN, Root

PROGRAMS = (
    *("cat", "chmod", "chown", "cp", "date", "dash", "dirname", "env", "find", "grep", "gzip", "id", "ln", "ls"),
    *("head", "mkdir", "rm", "sed", "sleep", "stat", "tar", "test", "touch", "uname"),
)


def slim() -> Root:
    """Return a Debian without curl, wget and time zones, with the user `node`, node and npm."""
    root = Root()
    root.link("/bin", "usr/bin")
    for name in PROGRAMS:
        root.program(f"/usr/bin/{name}")
    root.link("/usr/bin/sh", "dash")
    for library in ("libnss_files.so.2", "libnss_dns.so.2", "libresolv.so.2"):
        for file in Path("/lib").glob(f"*-linux-gnu/{library}"):
            root.copy(file)
    root.text("/etc/passwd", "root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n")
    root.text("/etc/group", "root:x:0:\nnode:x:1000:\n")
    root.folder("/tmp", 0o1777)  # noqa: S108
    root.folder("/proc")
    root.copy(BIN / "apt-get", "/usr/bin/apt-get")
    zones = Root()
    zones.copy("/usr/share/zoneinfo/Asia/Tokyo")
    root.text("/.packages/tzdata.tar", zones.tar())
    node = Path(require("node")).resolve()
    root.program(str(node))
    root.link("/usr/local/bin/node", str(node))
    npm = Path(require("npm")).resolve().parents[1]  # npm/bin/npm-cli.js
    root.copy(npm, "/usr/local/lib/node_modules/npm")
    root.link("/usr/local/bin/npm", "../lib/node_modules/npm/bin/npm-cli.js")
    for setting, text in SETTINGS.items():
        root.text(setting, text)
    return root


def import_all(daemon: Daemon) -> str:
    """Give the daemon the images that the recipe stands on."""
    first, *others = (release.base.image for release in facts.RELEASES.values())
    command = [DOCKER, "import", "-", first]
    subprocess.run(command, env=daemon.environment, input=slim().tar(), check=True, capture_output=True)
    for other in others:
        daemon.docker("tag", first, other)
    return ""
