"""What the files of several recipes share: templates with the words of a Dockerfile, COPY, and what a build ignores."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from chuoigen import templating
from chuoigen.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from chuoigen.plan.definitions import ContainerPlan
    from chuoigen.plan.model import Plan
    from chuoigen.plan.recipes import ArgumentPlan, BuildPlan

GENERATED = "GENERATED"
"""The build argument that says where the generated files are when the context is the root of the repository."""

USUAL = MappingProxyType(
    {
        "Dockerfile": "how the image is built",
        "entrypoint.sh": "what the container does before its process takes over, so that signals reach it",
    }
)
"""What the files are for that most recipes generate."""
IGNORED = "what the build does not send to Docker: secrets, history, what is built anyway"
"""What a .dockerignore is for."""

# FROM and ARG take no quotes, so that only what needs none can stand there.
_IMAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]*")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PLAIN_WORD = re.compile(r"[A-Za-z0-9_./:@%+=,*?-]+")
_GLOB = re.compile(r"[*?\[]")
_LINE_END = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_SHARED = Path(__file__).parent / "templates"


class Templates:
    """The templates of a recipe, in the folder `templates` beside its module, and the shared ones.

    All of them may name: spec_file, container, build (the recipe's own plan), arguments, ports, and the functions
    image, word and listed.
    """

    def __init__(
        self,
        folder: Path,
        plan: Plan,
        container: ContainerPlan,
        build: BuildPlan,
        *,
        defaults: Mapping[str, str] = MappingProxyType({}),
        filters: Mapping[str, Callable[..., str]] = MappingProxyType({}),
    ) -> None:
        """Keep what all templates may name, and filters for the languages of this recipe alone.

        `defaults` are those of build arguments that the Dockerfile declares. Raises ValueError for text that would
        begin a line of its own in a Dockerfile.
        """
        _refuse_line_ends(container.name, (plan.spec_file, build))
        self.filters = filters
        self.folders = (folder / "templates", _SHARED)
        self.values: dict[str, Any] = {
            "spec_file": plan.spec_file,
            "container": container,
            "build": build,
            "arguments": _arguments(build.arguments, defaults),
            "ports": [f"{port.number}/udp" if port.protocol == "udp" else port.number for port in container.ports],
            "image": _image,
            "word": _word,
            "listed": _listed,
        }

    def text(self, template: str, **values: Any) -> str:
        """Render one template, with further values."""
        return templating.render_from(self.folders, template, self.filters, **self.values, **values)


def _refuse_line_ends(where: str, value: object) -> None:
    """Raise ValueError for text that would begin a line of its own in a Dockerfile; plans are looked through whole."""
    if isinstance(value, str):
        if _LINE_END.search(value):
            raise ValueError(f"the image of {where} cannot be described with {value!r}: it holds a control character")
    elif isinstance(value, Mapping):
        _refuse_line_ends(where, (*value.keys(), *value.values()))
    elif isinstance(value, tuple | list):
        for item in value:
            _refuse_line_ends(where, item)
    elif isinstance(value, Record):
        _refuse_line_ends(where, [getattr(value, name) for name in value.FIELDS])


def _arguments(arguments: Sequence[ArgumentPlan], defaults: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return name, default (None: there is none) and whether an empty value is a mistake, in a stable order."""
    given = {argument.name: argument for argument in arguments}
    listed = []
    for name in dict.fromkeys((*defaults, *given)):
        if not _VARIABLE.fullmatch(name):
            raise ValueError(f"a build argument cannot be called {name!r}")
        argument = given.get(name)
        default = defaults.get(name, argument.value if argument else None)
        kept = argument is not None and argument.parameter is not None
        listed.append({"name": name, "default": default, "required": kept})
    return listed


def _image(reference: str) -> str:
    if not _IMAGE.fullmatch(reference):
        raise ValueError(f"no image can be called {reference!r}")
    return reference


def _word(text: str) -> str:
    """Write a word for an instruction that takes the rest of its line."""
    return text if _PLAIN_WORD.fullmatch(text) else templating.dockerfile(text)


def _listed(words: Sequence[str]) -> str:
    """Write words as a JSON list for COPY and VOLUME, which expand variables and remove quotes even there."""
    return templating.dockerfile_json([re.sub(r"([\\$\"'])", r"\\\1", word) for word in words])


def copy(context: str, names: Sequence[str]) -> str:
    """Write a COPY from the context: one file or folder to its own name, several files into the working directory."""
    sources = [posixpath.normpath(posixpath.join(context, name)) for name in names]
    target = posixpath.normpath(names[0])
    if _GLOB.search(target):
        target = f"{posixpath.dirname(target) or '.'}/"
    words = [*sources, target if len(names) == 1 else "./"]
    return f"COPY {' '.join(words) if all(map(_PLAIN_WORD.fullmatch, words)) else _listed(words)}"


def ignored(context: str, own: Iterable[str], generated: str) -> list[str]:
    """Return the patterns of what stays out of a context that is the root, with the one exception at the end.

    `own` are the application's folders and files, relative to `context`; of the generated files the entrypoint is in.
    """
    patterns = [_pattern(posixpath.normpath(posixpath.join(context, name))) for name in own]
    output = generated.split("/")
    top = "/".join(output[:-3]) or output[0]
    return [*patterns, _pattern(top), f"!{_pattern(generated)}/entrypoint.sh"]


def _pattern(path: str) -> str:
    """Write a path as a pattern of .dockerignore that matches it alone.

    Docker takes "#" and "!" at the start of a line for a comment and an exception, and drops blanks at both ends, but
    not in brackets (moby/patternmatcher, ignorefile.go and patternmatcher.go, checked 2026-11-28).
    """
    escaped = re.sub(r"([*?\[\\])", r"\\\1", path)
    return re.sub(r"^[#!\s]|\s$", r"[\g<0>]", escaped)
