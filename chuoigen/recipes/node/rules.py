"""What is wrong with a Node.js application alone: what its files lack for a build, how it starts, waits and stops."""

import posixpath
import re
from collections.abc import Iterator

from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject, of_recipe
from chuoigen.messages import Texts
from chuoigen.recipes.node import facts
from chuoigen.recipes.node.application import LOCKS, Application, application, below, package, sources
from chuoigen.recipes.node.language import NodeBuild
from chuoigen.recipes.node.planning import NodePlan
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)

_MANAGERS = ("npm", "npx", "yarn", "yarnpkg", "pnpm", "pnpx", "corepack")
_SHELLS = ("sh", "bash", "dash", "ash")
_IN_A_SHELL = rf"\s*(?:exec\s+)?({'|'.join(_MANAGERS)})\s"
# process.on("SIGTERM", …); NestJS; the package close-with-grace, which takes the signals by itself.
_HANDLES = re.compile(r"SIGTERM|enableShutdownHooks|close-with-grace")
_KEEPS = re.compile(r"keepAliveTimeout|KEEP_ALIVE_TIMEOUT")
# Its server does both: packages/next/src/server/lib/start-server.ts, and the server.js of its standalone output.
_DOES_BOTH = "next"


def _known(subject: Subject) -> Iterator[tuple[str, KeyPath, NodeBuild, NodePlan, Application]]:
    """Yield the applications whose package.json is there: about others there is nothing to say yet."""
    for name, path, build, made in of_recipe(subject, NodeBuild, NodePlan):
        read = application(subject.project, made.context)
        if read.package.found:
            yield name, path, build, made, read


def _lock_file(subject: Subject) -> Iterator[Finding]:
    for name, path, _, _, read in _known(subject):
        if not read.locks:
            words = _say("node-lock-file.none", container=name, known=tuple(LOCKS))
            yield Finding((*path, "context"), words)
        elif len(read.locks) > 1:
            words = _say("node-lock-file.several", container=name, found=read.locks, used=read.program)
            yield Finding((*path, "context"), words)


def _unreadable(subject: Subject) -> Iterator[Finding]:
    for name, path, _, made in of_recipe(subject, NodeBuild, NodePlan):
        for folder in dict.fromkeys((".", *made.needs, made.folder)):
            file = below(made.context, f"{folder}/package.json")
            if file in subject.project.texts and not package(subject.project, below(made.context, folder)).found:
                yield Finding((*path, "context"), _say("node-unreadable-package", container=name, file=file))


def _version(subject: Subject) -> Iterator[Finding]:
    for name, path, _, made, read in _known(subject):
        if read.locks and read.version is None and read.manager in facts.MANAGERS:
            version = facts.MANAGERS[read.manager][1]
            words = _say(
                "node-package-manager-version",
                container=name,
                manager=read.program,
                lock=made.lock,
                version=version,
            )
            yield Finding((*path, "context"), words)


def _behind_manager(subject: Subject) -> Iterator[Finding]:
    for name, _, _, made in of_recipe(subject, NodeBuild, NodePlan):
        container = subject.spec.containers[name]
        for key in ("entrypoint", "command"):
            manager = _manager(getattr(container, key) or [])
            if manager:
                words = _say("node-behind-package-manager", container=name, manager=manager, main=made.main)
                yield Finding(("containers", name, key), words)


def _manager(command: list[str]) -> str:
    """Name the package manager that a command starts, by itself or in a shell; "" for none."""
    if not command:
        return ""
    first = posixpath.basename(command[0])
    if first in _MANAGERS:
        return first
    found = re.match(_IN_A_SHELL, f"{command[-1]} ") if first in _SHELLS and len(command) > 1 else None
    return found[1] if found else ""


def _lacks(subject: Subject, made: NodePlan, what: re.Pattern[str]) -> bool:
    """Say whether something is in no source of the application; False where there is none to look at."""
    folder = below(made.context, made.folder)
    if _DOES_BOTH in package(subject.project, folder).dependencies:
        return False
    texts = sources(subject.project, folder)
    return bool(texts) and not any(what.search(text) for text in texts)


def _signal(subject: Subject) -> Iterator[Finding]:
    for name, path, _, made, _ in _known(subject):
        container = subject.spec.containers[name]
        if not container.init and container.command is None and _lacks(subject, made, _HANDLES):
            plan = subject.plan.containers[name]
            yield Finding((*path, "main"), _say("node-signal-handler", container=name, seconds=plan.stop_timeout))


def _unread(subject: Subject) -> Iterator[Finding]:
    for name, path, build, made in of_recipe(subject, NodeBuild, NodePlan):
        if build.keep_alive is not None and _lacks(subject, made, _KEEPS):
            yield Finding((*path, "keep_alive"), _say("node-unread-keep-alive", container=name))


def _script(subject: Subject) -> Iterator[Finding]:
    for name, path, build, made, _ in _known(subject):
        own = package(subject.project, below(made.context, made.folder))
        if build.script is not None and own.found and build.script not in own.scripts:
            file = below(made.context, f"{made.folder}/package.json")
            words = _say("node-unknown-script", container=name, script=build.script, file=file)
            yield Finding((*path, "script"), words)


def _workspace(subject: Subject) -> Iterator[Finding]:
    for name, path, build, made, _ in _known(subject):
        keys: list[tuple[KeyPath, str]] = [] if build.workspace is None else [(("workspace",), made.folder)]
        keys += [(("needs", index), folder) for index, folder in enumerate(made.needs)]
        packages = {folder: package(subject.project, below(made.context, folder)) for _, folder in keys}
        for key, folder in keys:
            if not packages[folder].found:
                words = _say("node-workspace.unknown", container=name, folder=folder)
                yield Finding((*path, *key), words)
        names = {each.name for each in packages.values()}
        for key, folder in keys:
            for needed, version in packages[folder].dependencies.items():
                if version.startswith("workspace:") and needed not in names:
                    words = _say("node-workspace.needed", container=name, folder=folder, package=needed)
                    yield Finding((*path, *key), words)


RULES: tuple[Rule, ...] = (
    Rule("CG670", "node-lock-file", Severity.ERROR, _lock_file),
    Rule("CG671", "node-package-manager-version", Severity.WARNING, _version),
    Rule("CG672", "node-behind-package-manager", Severity.WARNING, _behind_manager),
    Rule("CG673", "node-signal-handler", Severity.WARNING, _signal),
    Rule("CG674", "node-unread-keep-alive", Severity.WARNING, _unread),
    Rule("CG675", "node-unknown-script", Severity.ERROR, _script),
    Rule("CG676", "node-workspace", Severity.ERROR, _workspace),
    Rule("CG677", "node-unreadable-package", Severity.ERROR, _unreadable),
)
