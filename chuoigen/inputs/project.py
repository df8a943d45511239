"""The files around a spec that the compiler looks at: where they are, and the text of those it reads."""

import os
import pathlib
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from chuoigen import recipes
from chuoigen.diagnostics import ChuoigenError
from chuoigen.inputs.files import LIMIT_BYTES, Disk, Files
from chuoigen.recipes.answers import Reading
from chuoigen.record import Record
from chuoigen.yaml.document import Document, KeyPath
from chuoigen.yaml.unknown import Unknown

_CONFIG_FILES_MAX = 200
DISK: Files = Disk()
SPEC_FOLDER = "spec"
OUTPUT_FOLDER = "out"


class Project(Record):
    """The repository (or the folder) that holds a spec.

    `spec_file` and all paths in it are POSIX paths relative to the root. `paths` resolves what the spec says about
    contexts and Dockerfiles (None: outside the root). `texts` holds the Dockerfiles and the application's
    configuration files that were read, `present` those of which only matters that they are there; `absent` are the
    files that the spec names and that do not exist.
    """

    spec_file: str
    paths: Mapping[KeyPath, str | None] = MappingProxyType({})
    texts: Mapping[str, str] = MappingProxyType({})
    absent: frozenset[str] = frozenset()
    present: frozenset[str] = frozenset()

    @property
    def output(self) -> str:
        """The usual output folder, relative to the root."""
        return output_of(self.spec_file)


def output_of(spec_file: str) -> str:
    """Return the output folder of a spec, both relative to the root: out/<the name without its suffix>.

    `out` lies beside the innermost folder `spec` that holds the spec, or beside the spec where there is none: many
    services in one repository have an `out` each.
    """
    path = pathlib.PurePosixPath(spec_file)
    folders = path.parts[:-1]
    beside = next((end for end in range(len(folders) - 1, -1, -1) if folders[end] == SPEC_FOLDER), len(folders))
    return "/".join((*folders[:beside], OUTPUT_FOLDER, path.stem))


def find_root(spec: pathlib.Path, files: Files = DISK) -> pathlib.Path:
    """Return the root of the repository that holds `spec`.

    Where there is none, it is the spec's folder, or what holds that folder when it is called `spec`, as `init` does.
    """
    folder = pathlib.Path(os.path.abspath(spec)).parent  # noqa: PTH100  resolve() would follow the user's links
    for candidate in (folder, *folder.parents):
        if files.exists(str(candidate / ".git")):
            return candidate
    return folder.parent if folder.name == SPEC_FOLDER else folder


def survey(spec: pathlib.Path, document: Document, files: Files = DISK) -> Project:
    """Return what the compiler needs to know of the files around `spec`. Files that cannot be read count as absent."""
    root = find_root(spec, files)
    paths: dict[KeyPath, str | None] = {}
    texts: dict[str, str] = {}
    absent: set[str] = set()
    present: set[str] = set()
    for path, written in _named_paths(document):
        folder = pathlib.Path(os.path.abspath(document.place(path).value.file)).parent  # noqa: PTH100
        paths[path] = _relative(folder / written, root)
    for name, build in _builds(document):
        context = paths.get(("containers", name, "build", "context"), ".")
        if context is not None:
            reading = _reading(build)
            texts.update(_texts(root, context, _filled(reading.texts, build), files))
            names = _below(context, _filled(reading.names, build))
            present.update(name for name in names if files.is_file(str(root / name)))
        dockerfile = paths.get(("containers", name, "build", "dockerfile"))
        if dockerfile is not None and files.is_file(str(root / dockerfile)):
            texts.update(_texts(root, ".", (dockerfile,), files))
        elif dockerfile is not None:
            absent.add(dockerfile)
    return Project(
        spec_file=_printable(path_in(root, spec)),
        paths=paths,
        texts=texts,
        absent=frozenset(absent),
        present=frozenset(present),
    )


def path_in(root: pathlib.Path, spec: pathlib.Path) -> str:
    """Return the path of a spec relative to the root of its repository."""
    return _relative(pathlib.Path(os.path.abspath(spec)), root) or spec.name  # noqa: PTH100


def _printable(path: str) -> str:
    """Return a path as it can stand in a comment of any file: one line, and text."""
    return "".join(character if character.isprintable() else "\ufffd" for character in path)


def _builds(document: Document) -> Iterator[tuple[str, dict[str, object]]]:
    containers = document.data.get("containers")
    for name, container in containers.items() if isinstance(containers, dict) else ():
        build = container.get("build") if isinstance(container, dict) else None
        if isinstance(build, str) and not isinstance(build, Unknown):
            yield name, {"context": build, "dockerfile": f"{build.rstrip('/')}/Dockerfile"}
        elif isinstance(build, dict):
            yield name, build


def _named_paths(document: Document) -> Iterator[tuple[KeyPath, str]]:
    for name, build in _builds(document):
        for key in ("context", "dockerfile"):
            written = build.get(key)
            if isinstance(written, str) and not isinstance(written, Unknown) and "\0" not in written:
                yield ("containers", name, "build", key), written


def _relative(path: pathlib.Path, root: pathlib.Path) -> str | None:
    """Return `path` below `root` as POSIX text, "." for the root itself, None outside."""
    try:
        return pathlib.Path(os.path.normpath(path)).relative_to(root).as_posix()
    except ValueError:
        return None


def _reading(build: Mapping[str, object]) -> Reading:
    """Return what the recipe of a build looks at; nothing for an unknown recipe, which the shape reports."""
    try:
        return recipes.find(str(build["recipe"])).reading if build.get("recipe") is not None else Reading()
    except recipes.RecipeError:
        return Reading()


def _filled(patterns: Iterable[str], build: Mapping[str, object]) -> Iterator[str]:
    """Put what is written below build into patterns; one whose key is not written names nothing."""
    for pattern in patterns:
        before, brace, rest = pattern.partition("{")
        if not brace:
            yield pattern
            continue
        key, _, behind = rest.partition("}")
        written = build.get(key)
        for value in written if isinstance(written, list) else [written]:
            if isinstance(value, str) and not isinstance(value, Unknown) and "\0" not in value:
                yield from (f"{before}{value}{end}" for end in _filled([behind], build))


def _below(context: str, names: Iterable[str]) -> Iterator[str]:
    """Yield paths that are relative to a context as they are from the root; what would leave the root is left out."""
    for name in names:
        path = os.path.normpath(f"{context}/{name}")
        if not path.startswith(".."):
            yield path


def _text(content: bytes) -> str:
    """Return a text without what Windows adds: a byte order mark, and CR before LF."""
    return content.decode("utf-8-sig", "replace").replace("\r\n", "\n")


def _texts(root: pathlib.Path, context: str, patterns: Iterable[str], files: Files) -> Iterator[tuple[str, str]]:
    """Yield the files of an application that match, with their texts; links out of the repository are not followed."""
    inside = os.path.join(files.real(str(root)), "")  # noqa: PTH118
    for pattern in _below(context, patterns):
        folder, everywhere, ending = pattern.partition("/**/*")
        found = files.below(str(root / folder), ending)[:_CONFIG_FILES_MAX] if everywhere else (str(root / folder),)
        for file in found:
            try:
                content = files.read(file) if files.real(file).startswith(inside) else b""
            except ChuoigenError:
                continue
            if content and len(content) <= LIMIT_BYTES:
                yield pathlib.Path(file).relative_to(root).as_posix(), _text(content)
