"""The formats that are read, and which of them a file has: by what stands in it, then by its name.

A line of KINDS is all that the rest of chuoigen knows of a format. Its front-end is imported once there is such a file.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from chuoigen.messages import Message, Texts
from chuoigen.record import Record
from chuoigen.yaml.relaxed_json import is_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuoigen.inputs.front import FrontEnd
    from chuoigen.messages.reader import Words

SPEC = "spec"
MARKS = ("chuoigen", "extends")
"""Keys of which a spec has one at its root."""

# A flow mapping may open on the same line.
_SPEC = re.compile(rb"""(?:\A(?:\xef\xbb\xbf)?|[\r\n])(?:\{[ \t\r\n]*)?["']?(?:chuoigen|extends)["']?[ \t]*:""")
YAML, _JSON = (".yaml", ".yml"), (".json", ".jsonc")
_say = Texts(__name__)


class Kind(Record):
    """One format. `name`: what people call it after --as, and the `form` of its documents.

    `content` is found in the text of each such file, and in few others. `base` is found in the names that people give
    to such files: one that has such a name and begins as JSON has this format whatever stands in it; "" for none.
    A search of a folder looks into files with these `endings`. `several`: the documents of one file are read together.
    """

    name: str
    front_end: Callable[[], FrontEnd]
    content: bytes
    base: str = ""
    endings: tuple[str, ...] = (*YAML, *_JSON)
    several: bool = False

    @property
    def title(self) -> Message:
        """What it is called in a sentence."""
        return _say(f"kind.{self.name}")


def _task_definition() -> FrontEnd:
    from chuoigen.inputs.ecs.task_definition import FRONT_END

    return FRONT_END


def _copilot() -> FrontEnd:
    from chuoigen.inputs.copilot.manifest import FRONT_END

    return FRONT_END


def _terraform() -> FrontEnd:
    from chuoigen.inputs.terraform.file import FRONT_END

    return FRONT_END


def _compose() -> FrontEnd:
    from chuoigen.inputs.compose.file import FRONT_END

    return FRONT_END


def _service_definition() -> FrontEnd:
    from chuoigen.inputs.ecs.service_definition import FRONT_END

    return FRONT_END


def _cloudformation() -> FrontEnd:
    from chuoigen.inputs.cloudformation.template import FRONT_END

    return FRONT_END


def _ecspresso() -> FrontEnd:
    from chuoigen.inputs.ecs.ecspresso import FRONT_END

    return FRONT_END


def _dockerrun() -> FrontEnd:
    from chuoigen.inputs.ecs.dockerrun import FRONT_END

    return FRONT_END


# Members that a service has and a task definition has not.
_SERVICE = (
    rb"""(?s)["']createService["']\s*:|\A(?!.*containerDefinitions)(?=.*\b"""
    rb"""(?:deploymentConfiguration|desiredCount|schedulingStrategy|networkConfiguration)["']?[ \t\r\n]*:)"""
)
KINDS = (
    Kind("dockerrun", _dockerrun, rb"""["']AWSEBDockerrunVersion["'][ \t\r\n]*:"""),
    Kind("ecspresso", _ecspresso, rb"""(?m)^(?:["']?|[ \t]+"|\{[ \t]*")(?:service|task)_definition["']?[ \t]*:"""),
    Kind(
        "cloudformation",
        _cloudformation,
        rb"""\bType["']?[ \t\r\n]*:[ \t\r\n]*["']?AWS::ECS::(?:TaskDefinition|Service)\b""",
        endings=(*YAML, *_JSON, ".template"),
    ),
    Kind(
        "service-definition",
        _service_definition,
        _SERVICE,
        r"(?i)service[-_.]?def(?:inition)?s?(?=[-_.]).{0,100}\.json",
    ),
    Kind(
        "task-definition",
        _task_definition,
        rb"""["']?containerDefinitions["']?[ \t\r\n]*:""",
        r"(?i)task[-_.]?def(?:inition)?s?(?=[-_.]).{0,100}\.json",
    ),
    Kind(
        "compose",
        _compose,
        rb"""(?:\A|[\r\n])(?:\{[ \t\r\n]*)?["']?services["']?[ \t]*:""",
        r"(?i)^(?:docker-)?compose(?:[-._].*)?\.ya?ml$",
        endings=YAML,
        several=True,
    ),
    Kind(
        "copilot",
        _copilot,
        rb"""(?:\A|[\r\n])type[ \t]*:[ \t]*["']?(?:Load Balanced Web Service|Backend Service|Worker Service"""
        rb"""|Scheduled Job|Request-Driven Web Service|Static Site)""",
        endings=YAML,
    ),
    Kind(
        "terraform",
        _terraform,
        rb"""resource[ \t]+["']?aws_ecs_(?:task_definition|service)\b""",
        endings=(".tf",),
    ),
)
"""The formats other than the language itself; what may be two is the first."""

FORMATS = (SPEC, *(kind.name for kind in KINDS))
"""All formats, by the names that people give them."""
ENDINGS = tuple(dict.fromkeys(ending for kind in KINDS for ending in kind.endings))
"""What the names of files end in, of which one may have another format than a spec."""


def recognised(content: bytes, name: str) -> str:
    """Return the format of a file that was named; "" where it is none that is known: it is read as a spec then."""
    if _SPEC.search(content):
        return SPEC
    by_content = (kind.name for kind in KINDS if re.search(kind.content, content))
    by_name = (kind.name for kind in KINDS if is_named(kind, name) and is_json(content))
    return next(by_content, "") or next(by_name, "")


def is_named(kind: Kind, name: str) -> bool:
    """Say whether a file has a name that people give to files of a format."""
    base = os.path.basename(name)  # noqa: PTH119  a name may be no path
    return bool(kind.base) and re.search(kind.base, base) is not None


def kind_of(form: str) -> Kind | None:
    """Return the line of a format; None for a spec."""
    return next((kind for kind in KINDS if kind.name == form), None)


def words_of(form: str) -> Words:
    """Return the words of a format other than the language itself."""
    return next(kind.front_end().words for kind in KINDS if kind.name == form)
