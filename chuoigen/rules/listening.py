"""Where a process listens and what it takes, by its command or a variable, against what the spec says elsewhere."""

from collections.abc import Iterator

from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Answering, Finding, Rule, Subject, answering
from chuoigen.messages import Argument, Message, Texts
from chuoigen.plan import targets
from chuoigen.recipes.commands import listens, run_of, words_of
from chuoigen.recipes.servers import Address, heap_mib, is_loopback, processes
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)

_PROCESS_MIB = 48
"""The least that a process of an interpreted server takes; chuoigen's own estimate, low on purpose."""
_FORKS = "WEB_CONCURRENCY"


def _said(one: Answering) -> list[tuple[KeyPath, Address]]:
    """Return where the process of a container listens, with the path that says it."""
    variables = {key: text for key, text in one.plan.environment.items() if key in one.container.environment}
    return [((*one.path[:2], *path), address) for path, address in listens(one.container, variables)]


def _differing(subject: Subject) -> Iterator[tuple[Answering, KeyPath, Address, tuple[int, ...]]]:
    """Yield the containers that declare ports, none of which their process listens on, with what says so."""
    for one in answering(subject, built=False):
        declared = tuple(port.container for port in one.container.ports if port.protocol == "tcp")
        said = [(path, address) for path, address in _said(one) if address.port and _counts(one, path)]
        if declared and said and all(address.port not in declared for _, address in said):
            yield one, *said[0], declared


def _other_port(subject: Subject) -> Iterator[Finding]:
    for one, path, address, declared in _differing(subject):
        if not (_knows(one, path) and _needers(subject, one.name)):
            port, words = address.port or 0, _shown(address)
            said = _say("listening-port-differs", container=one.name, port=port, words=words, declared=declared)
            note = (("containers", one.name, "ports"), _say("listening-port-differs.note", declared=declared))
            yield Finding(path, said, related=(note,))


def _unreached(subject: Subject) -> Iterator[Finding]:
    for one, path, address, declared in _differing(subject):
        for caller, where in _needers(subject, one.name)[:1] if _knows(one, path) else ():
            port, words = address.port or 0, _shown(address)
            given: dict[str, Argument] = {
                "container": one.name,
                "port": port,
                "words": words,
                "declared": declared,
                "caller": caller,
            }
            yield Finding(path, _say("unreached-port", **given), related=((where, _say("unreached-port.note")),))


def _knows(one: Answering, path: KeyPath) -> bool:
    """Say whether it is certain that the process listens where a variable says: its recipe tells it by that one."""
    return path[2:3] == ("environment",) and path[3] in (one.recipe.port_variables or ())


def _needers(subject: Subject, name: str) -> list[tuple[Message | str, KeyPath]]:
    """Return who must reach a container, from outside of its task or inside, with the paths that say so."""
    found = _callers(subject, name)
    for other in answering(subject):
        for key, upstream in other.recipe.upstreams(other.build).items():
            if upstream == name:
                found.append((_say("container", name=other.name), (*other.path, *key)))
    return found


def _counts(one: Answering, path: KeyPath) -> bool:
    """Say whether a process looks at what stands there: recipes tell theirs where to listen, some by a variable."""
    return path[2:3] != ("environment",) or one.recipe.port_variables is None or path[3] in one.recipe.port_variables


def _shown(address: Address) -> Message | str:
    """Return the words that say where a process listens, or that its program does."""
    return (
        address.words if address.at is not None or "=" in address.words else _say("unless-told", program=address.words)
    )


def _loopback(subject: Subject) -> Iterator[Finding]:
    for one in answering(subject, built=False):
        callers = _callers(subject, one.name)
        said = [(path, address) for path, address in _said(one) if address.host is not None]
        if not callers or not said or not all(is_loopback(address.host or "") for _, address in said):
            continue
        path, address = said[0]
        caller, where = callers[0]
        words = _say("loopback-listener", container=one.name, words=_shown(address), caller=caller)
        yield Finding(path, words, related=((where, _say("loopback-listener.note")),))


def _callers(subject: Subject, name: str) -> list[tuple[Message | str, KeyPath]]:
    """Return who must reach a container from outside of its task, with the paths that say so."""
    balancer, network = subject.spec.load_balancer, subject.spec.network
    found: list[tuple[Message | str, KeyPath]] = []
    for target in targets.of_container(subject.spec, name):
        assert balancer is not None  # noqa: S101  it has targets
        found.append((_say("balancer"), targets.container_path(balancer, target)))
    for index, allow in enumerate(network.allow if network is not None else ()):
        if allow.target == name and allow.source != "alb":
            found.append((allow.source, ("network", "allow", index)))
    return found


def _memory(subject: Subject, one: Answering) -> tuple[int, KeyPath]:
    """Return the MiB that a container has at most, and the key that says so."""
    if one.container.memory is not None:
        return one.container.memory, ("containers", one.name, "memory")
    return subject.spec.task.memory, ("task", "memory")


def _texts(one: Answering) -> Iterator[tuple[KeyPath, str]]:
    yield from (((*one.path[:2], *path), word) for path, word in words_of(one.container))
    for name in one.container.environment:
        yield (*one.path[:2], "environment", name), one.plan.environment.get(name, "")


def _heap(subject: Subject) -> Iterator[Finding]:
    for one in answering(subject, built=False):
        memory, where = _memory(subject, one)
        for path, text in _texts(one):
            found = heap_mib(text)
            if found is not None and found[1] >= memory:
                words = _say("heap-above-memory", container=one.name, option=found[0], heap=found[1], memory=memory)
                yield Finding(path, words, related=((where, _say("heap-above-memory.note", memory=memory)),))


def _processes(subject: Subject) -> Iterator[Finding]:
    for one in answering(subject, built=False):
        memory, where = _memory(subject, one)
        count, path = _forks(one)
        if count * _PROCESS_MIB > memory:
            words = _say("processes-above-memory", container=one.name, count=count, each=_PROCESS_MIB, memory=memory)
            yield Finding(path, words, related=((where, _say("heap-above-memory.note", memory=memory)),))


def _forks(one: Answering) -> tuple[int, KeyPath]:
    """Return how many processes a container starts, as far as it says so, and the path that says it."""
    found = processes(run_of(one.container))
    if found is not None:
        return found[0], (*one.path[:2], *words_of(one.container)[found[1]][0])
    text = one.plan.environment.get(_FORKS, "") if _FORKS in one.container.environment else ""
    return int(text) if text.isdecimal() and len(text) < 7 else 0, (*one.path[:2], "environment", _FORKS)  # noqa: PLR2004


RULES: tuple[Rule, ...] = (
    Rule("CG111", "heap-above-memory", Severity.WARNING, _heap),
    Rule("CG112", "processes-above-memory", Severity.WARNING, _processes),
    Rule("CG312", "listening-port-differs", Severity.WARNING, _other_port),
    Rule("CG313", "loopback-listener", Severity.ERROR, _loopback),
    Rule("CG314", "unreached-port", Severity.ERROR, _unreached),
)
