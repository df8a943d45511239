"""Base images of Python made of the interpreter that runs the tests, with the programs of a slim Debian and no others.

pip is real, and installs real Gunicorn, Uvicorn and Celery from wheels in the image, made of what is installed here.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

from chuoigen.recipes.python import facts
from tests.proof.dockerd import DOCKER, Daemon
from tests.proof.standins import BIN, Root, needed

SERVED = ("gunicorn", "uvicorn", "celery")
PROGRAMS = (
    *("bin/cat", "bin/chmod", "bin/chown", "bin/cp", "bin/date", "bin/dash", "bin/env", "bin/find", "bin/grep"),
    *("bin/gzip", "bin/id", "bin/ln", "bin/ls", "bin/mkdir", "bin/rm", "bin/sleep", "bin/stat", "bin/tar", "bin/test"),
    *("bin/touch", "sbin/groupadd", "sbin/useradd"),
)
UNUSED = {"__pycache__", "ensurepip", "idlelib", "lib2to3", "site-packages", "dist-packages", "test", "tkinter"}
PATH = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"


def slim() -> Root:
    """Return a Debian without curl, wget and time zones, with Python, pip, and wheels where others have a network."""
    root = Root()
    for name in ("bin", "sbin"):
        root.link(f"/{name}", f"usr/{name}")
    for name in PROGRAMS:
        root.program(f"/usr/{name}")
    root.link("/usr/bin/sh", "dash")
    for library in ("libnss_files.so.2", "libnss_dns.so.2", "libresolv.so.2"):
        for file in Path("/lib").glob(f"*-linux-gnu/{library}"):
            root.copy(file)
    root.text("/etc/passwd", "root:x:0:0::/root:/bin/sh\n")
    root.text("/etc/group", "root:x:0:\n")
    for folder in ("/proc", "/etc/default", "/root"):
        root.folder(folder)
    root.folder("/tmp", 0o1777)  # noqa: S108
    root.copy(BIN / "apt-get", "/usr/bin/apt-get")
    zones = Root()
    for zone in ("Asia/Tokyo", "UTC"):
        zones.copy(f"/usr/share/zoneinfo/{zone}")
    root.text("/.packages/tzdata.tar", zones.tar())
    interpreter(root)
    return root


def interpreter(root: Root) -> None:
    """Put Python below /usr/local, as the official images have it."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    program = Path(sys.base_prefix, "bin", version).resolve()
    root.program(str(program))
    for name in (version, "python3", "python"):
        root.copy(program, f"/usr/local/bin/{name}")
    library = Path(sys.base_prefix, "lib", version)
    for file in library.rglob("*"):
        inside = file.relative_to(library)
        if file.is_file() and not UNUSED & set(inside.parts) and file.suffix != ".a":
            root.copy(file, f"/usr/local/lib/{version}/{inside}")
            for shared in needed(str(file)) if file.suffix == ".so" else ():
                root.copy(shared)
    pip = distribution("pip")
    for name, content in contents(pip).items():
        root.text(f"/usr/local/lib/{version}/site-packages/{name}", content)
    start = "#!/usr/local/bin/python3\nimport sys\nfrom pip._internal.cli.main import main\nsys.exit(main())\n"
    root.text("/usr/local/bin/pip", start, 0o755)
    root.text("/etc/pip.conf", "[global]\nno-index = true\nfind-links = /wheels\ndisable-pip-version-check = true\n")
    for each in closure(*SERVED).values():
        root.text(f"/wheels/{each.name.replace('-', '_')}-{each.version}-py3-none-any.whl", wheel(each))


def contents(package: Distribution) -> dict[str, bytes]:
    """Return the files of an installed package that a wheel has: what an installer adds stays out."""
    found = {}
    for file in package.files or ():
        if ".." not in file.parts and file.suffix != ".pyc":
            found[str(file)] = Path(str(file.locate())).read_bytes()
    return found


def wheel(package: Distribution) -> bytes:
    """Return an installed package as a wheel."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in sorted(contents(package).items()):
            if not re.search(r"\.dist-info/(?:INSTALLER|REQUESTED|direct_url\.json)$", name):
                archive.writestr(name, content)
    return buffer.getvalue()


def closure(*names: str) -> dict[str, Distribution]:
    """Return packages and what they need here, by name."""
    found: dict[str, Distribution] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError as error:
            raise AssertionError(f"{name} is not installed: pip install chuoigen[prove]") from error
        for line in found[name].requires or ():
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)
    return found


def import_all(daemon: Daemon) -> str:
    """Give the daemon the images that the recipe stands on."""
    archive = slim().tar()
    for release in facts.RELEASES.values():
        subprocess.run(
            [DOCKER, "import", "--change", f"ENV PATH={PATH}", "--change", "ENV LANG=C.UTF-8", "-", release.base.image],
            env=daemon.environment,
            input=archive,
            check=True,
            capture_output=True,
        )
    return ""
