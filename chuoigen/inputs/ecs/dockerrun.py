"""The front-end for Dockerrun.aws.json of version 2: containers for Elastic Beanstalk, written nearly as ECS has them.

Elastic Beanstalk runs them on instances, so that no rule of Fargate judges them; a spec can be made of them anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.aws.words import EcsWords
from chuoigen.inputs.ecs.parts import Pieces, part
from chuoigen.inputs.ecs.shape import Schema
from chuoigen.inputs.ecs.written import checked, parsed, unread
from chuoigen.inputs.front import FrontEnd, Reading, source
from chuoigen.messages import Texts

if TYPE_CHECKING:
    from chuoigen.inputs.files import Files

FORM = "dockerrun"
_VERSION = "AWSEBDockerrunVersion"
_OWN = frozenset({_VERSION, "authentication"})
"""Members that ECS has not."""
_say = Texts(__name__)


def read(content: bytes, name: str, _files: Files, *, certain: bool) -> Reading:
    """Read a file of version 2; one of version 1 has a single container and is nearly nothing that ECS has."""
    written, found = parsed(content, name, FORM)
    sources = (source(content, name, written, FORM),)
    if written is None or not (certain or str(written.data.get(_VERSION)) == "2"):
        return Reading(sources, unread(found, certain=certain) if written is None else ())
    own = written.replaced(data={member: value for member, value in written.data.items() if member not in _OWN})
    root, wrong = checked(own, (), Schema.TASK_DEFINITION)
    pieces = Pieces(task=root, found=tuple(wrong), platform=_say("elastic-beanstalk", file=name))
    return Reading(sources, found, (part(pieces),))


FRONT_END = FrontEnd(read, EcsWords())
