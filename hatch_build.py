"""What a wheel has that a checkout has not: templates compiled to Python, and the digest of the code.

So an installation that nobody may write into starts as quickly as any other, and an unchanged spec is known by it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Compiled(BuildHookInterface[Any]):
    """Adds the files to a wheel. An editable installation uses the checkout, which keeps what it compiles."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the files into a folder of their own and tell where each goes."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root))
        from chuoigen.templating import COMPILED, compile_into
        from chuoigen.workspace.identity import STAMP, digest

        self._made = tempfile.TemporaryDirectory(prefix="chuoigen-wheel-")
        made = Path(self._made.name)
        package = root / "chuoigen"
        stamp = made / STAMP
        stamp.write_text(f"{digest(package)}\n", encoding="ascii")
        build_data["force_include"][str(stamp)] = f"chuoigen/{STAMP}"
        for number, folder in enumerate(sorted(package.rglob("templates"))):
            target = made / str(number)
            compile_into(folder, target)
            build_data["force_include"][str(target)] = f"{folder.relative_to(root).as_posix()}/{COMPILED}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the folder when the wheel is written."""
        del version, build_data, artifact_path
        if hasattr(self, "_made"):
            self._made.cleanup()
