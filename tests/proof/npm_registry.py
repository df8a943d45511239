"""An npm registry on loopback: the package managers as npm's own has them, and small packages of the tests.

Run as a program it serves a folder whose subfolders, or subfolders of an @scope, are packages, until it is ended. What
it serves is the same to the byte on each machine, since lock files hold digests of it.
"""

from __future__ import annotations

import base64
import hashlib
import http.server
import io
import json
import sys
import tarfile
import urllib.parse
import zlib
from pathlib import Path
from typing import Any

PORT = 4873
URL = f"http://127.0.0.1:{PORT}"
# What each reads of its registry: npm, yarn 1 and pnpm the first, yarn since version 2 the second.
SETTINGS = {
    "/root/.npmrc": f"registry={URL}\n",
    "/root/.yarnrc.yml": f'npmRegistryServer: "{URL}"\nunsafeHttpWhitelist: ["127.0.0.1"]\n',
}


def archive(folder: Path) -> bytes:
    """Return a package as npm packs it, in a gzip of stored blocks: how others compress depends on their version."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as made:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                info = tarfile.TarInfo(f"package/{file.relative_to(folder).as_posix()}")
                content = file.read_bytes()
                info.size, info.mode = len(content), 0o755 if content.startswith(b"#!") else 0o644
                made.addfile(info, io.BytesIO(content))
    plain = buffer.getvalue()
    parts = [plain[start : start + 0xFFFF] for start in range(0, len(plain), 0xFFFF)]
    blocks = [
        bytes([part is parts[-1]]) + len(part).to_bytes(2, "little") + (len(part) ^ 0xFFFF).to_bytes(2, "little") + part
        for part in parts
    ]
    end = zlib.crc32(plain).to_bytes(4, "little") + (len(plain) & 0xFFFFFFFF).to_bytes(4, "little")
    return b"\x1f\x8b\x08" + bytes(6) + b"\xff" + b"".join(blocks) + end


class _Registry(http.server.BaseHTTPRequestHandler):
    folder: Path

    def do_GET(self) -> None:
        name, _, file = urllib.parse.unquote(self.path).strip("/").partition("/-/")
        folder = self.folder / name
        if not (folder / "package.json").is_file():
            self.send_error(404)
            return
        body = archive(folder) if file else json.dumps(_description(folder)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream" if file else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _description(folder: Path) -> dict[str, Any]:
    """Return what a registry says of a package that has one version."""
    package = json.loads((folder / "package.json").read_text())
    name, version = package["name"], package["version"]
    packed = archive(folder)
    package["dist"] = {
        "tarball": f"{URL}/{name}/-/{folder.name}-{version}.tgz",
        "shasum": hashlib.sha1(packed, usedforsecurity=False).hexdigest(),
        "integrity": f"sha512-{base64.b64encode(hashlib.sha512(packed).digest()).decode()}",
    }
    scripts = package.get("scripts", {})
    package["hasInstallScript"] = bool({"preinstall", "install", "postinstall"} & set(scripts))
    return {
        "name": name,
        "dist-tags": {"latest": version},
        "versions": {version: package},
        "time": {version: "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z"},
    }


if __name__ == "__main__":
    _Registry.folder = Path(sys.argv[1])
    http.server.ThreadingHTTPServer(("127.0.0.1", PORT), _Registry).serve_forever()
