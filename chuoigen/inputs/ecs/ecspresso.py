"""The front-end for ecspresso.yml: the service and the task definition that it names, judged together.

Its template functions (`env`, `must_env`, `ssm`, `secretsmanager`, `tfstate`, `cfn_output` and those of other plug-ins)
are unknown values, also where no quotes stand around a number. The files that it names are JSON, YAML or Jsonnet.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from chuoigen.aws.words import EcsWords
from chuoigen.diagnostics import ChuoigenError
from chuoigen.inputs.ecs import jsonnet, service_definition, task_definition
from chuoigen.inputs.ecs.parts import Pieces, part
from chuoigen.inputs.ecs.written import parsed, unread
from chuoigen.inputs.front import FrontEnd, Part, Reading, Source, source
from chuoigen.inputs.translating import Raw, Target
from chuoigen.messages import Texts
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from chuoigen.diagnostics import Diagnostic
    from chuoigen.inputs.files import Files
    from chuoigen.yaml.document import Document

FORM = "ecspresso"
_SERVICE, _TASK = "service_definition", "task_definition"
_say = Texts(__name__)


class _Named:
    """The files that one ecspresso.yml names, as far as they can be read."""

    def __init__(self, config: Raw, files: Files) -> None:
        self.config = config
        self.sources: list[Source] = []
        self.found: list[Diagnostic] = []
        self.remarks: list[Part] = []
        self._files = files
        self._target = Target(config.document)

    def document(self, key: str, form: str) -> Document | None:
        """Return the file that a key names, parsed; None where there is none, or none that can be used."""
        path = path_of(self.config, key)
        if path is None:
            return None
        try:
            content = self._files.read(path)
            if jsonnet.is_jsonnet(path):
                prefixes = [one.get("func_prefix").value for one in self.config.get("plugins").items()]
                known = [one for one in prefixes if isinstance(one, str)]
                document, found = jsonnet.parsed(content, path, form, self._files, known)
            else:
                document, found = parsed(content, path, form)
        except jsonnet.NotEvaluatedError as error:
            self.remarks.append(Part(self.config.document, remark=error.words, name=path))
            return None
        except ChuoigenError as error:
            self._target.say(_say("invalid-value.file", reason=error.words), "CG013", self.config.get(key))
            self.found += self._target.found
            self._target.found.clear()
            return None
        self.sources.append(source(content, path, document, form))
        self.found += found
        return document


def read(content: bytes, name: str, files: Files, *, certain: bool) -> Reading:
    """Read an ecspresso.yml and what it names."""
    written, found = parsed(content, name, FORM)
    own = source(content, name, written, FORM)
    config = Raw(written, (), written.data, frozenset()) if written is not None else None
    if config is None or not (certain or any(path_of(config, key) for key in (_SERVICE, _TASK))):
        return Reading((own,), unread(found, certain=certain) if config is None else ())
    named = _Named(config, files)
    pieces = Pieces(service_name=config.get("service"), cluster=config.get("cluster"))
    task = named.document(_TASK, task_definition.FORM)
    if task is not None:
        of_task = task_definition.pieces(task)
        pieces = pieces.replaced(task=of_task.task, tags=of_task.tags, found=of_task.found)
    service = named.document(_SERVICE, service_definition.FORM)
    if service is not None:
        of_service = service_definition.pieces(service)
        pieces = pieces.replaced(service=of_service.service, found=(*pieces.found, *of_service.found))
    parts = (
        [part(pieces, name=str(config.get("service").value or ""))] if task is not None or service is not None else []
    )
    return Reading((own, *named.sources), (*found, *named.found), (*parts, *named.remarks))


def path_of(config: Raw, key: str) -> str | None:
    """Return the path of the file that a key names, from where the configuration stands; None where it is unknown."""
    written = config.get(key).value
    if not isinstance(written, str) or isinstance(written, Unknown) or "\0" in written:
        return None
    return os.path.normpath(os.path.join(os.path.dirname(config.document.file), written))  # noqa: PTH118, PTH120  keeps the user's spelling of the path


def gathers(content: bytes, name: str, _files: Files) -> tuple[str, ...]:
    """Name the files that are judged with one."""
    written, _ = parsed(content, name, FORM)
    config = Raw(written, (), written.data, frozenset()) if written is not None else None
    paths = (path_of(config, key) for key in (_SERVICE, _TASK)) if config is not None else ()
    return tuple(path for path in paths if path is not None)


FRONT_END = FrontEnd(read, EcsWords(), gathers)
