"""Joints between the pages and everything else: their links, names, numbers and sums."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

from chuoigen.record import Record
from tests.proof.builds import build_of
from tests.proof.joints_task import differ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.proof.builds import Build

NAMES = {"alb": "load balancer"}


def tables(text: str) -> list[list[list[str]]]:
    """Return the rows of each table of a page, without their heads; a row of another width is a ValueError."""
    found: list[list[list[str]]] = []
    for block in re.findall(r"(?m)(?:^\|.*\n?)+", text):
        rows = [
            [re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", cell.strip()) for cell in re.split(r"(?<!\\)\|", line.strip()[1:-1])]
            for line in block.splitlines()
        ]
        if len({len(row) for row in rows}) != 1 or not all(re.fullmatch(r"-+", cell) for cell in rows[1]):
            raise ValueError(f"a table is broken: {rows[0]}")
        found.append(rows[2:])
    return found


def links(build: Build) -> Iterator[str]:
    """Every link of a page leads to a file, and every table of files lists them all."""
    for path, text in build.files.items():
        if path.endswith(".md"):
            for target in re.findall(r"\]\(([^)#]+)\)", text):
                if target not in build.files:
                    yield f"{path}: there is no {target}"
    readme = build.files["README.md"]
    listed = [row[0].strip("`") for row in tables(readme)[-1]]
    yield from differ("README.md: files", listed, sorted(build.files))
    called = [re.sub(r"`", "", row[0]) for table in tables(readme) for row in table if row[0].startswith("`sh ")]
    numbered = [f"sh {path}" for path in sorted(build.files) if re.match(r"scripts/0", path)]
    yield from differ("README.md: scripts", called, numbered)


@functools.cache
def vocabulary(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return all texts and all numbers of the plan of a build."""
    texts: set[str] = set()
    numbers: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, bool) or value is None:
            return
        if isinstance(value, int):
            numbers.add(str(value))
            numbers.add(f"{value / 1024:g}")
        elif isinstance(value, str):
            texts.add(value)
            numbers.update(re.findall(r"\d+", value))
        elif isinstance(value, Record):
            for attribute in type(value).__annotations__:
                walk(getattr(value, attribute))
        elif hasattr(value, "items"):
            walk(list(value))
            walk(list(value.values()))
        elif isinstance(value, list | tuple):
            for one in value:
                walk(one)

    walk(build_of(name).plan)
    return frozenset(texts), frozenset(numbers)


def pages(build: Build) -> Iterator[str]:
    """What stands in code on a page is a name of the plan, a file, or a command of files; numbers are the plan's."""
    texts, numbers = vocabulary(build.name)
    words = {word for text in (*texts, *build.files, FIXED) for word in re.findall(r"[A-Za-z0-9_./@:-]+", text)}
    words |= {f"{build.plan.output}/{name}" for name in build.files} | {f"{build.plan.output}"}
    for path in ("README.md", "cutover.md", "network/reachability.md"):
        text = build.files.get(path, "")
        prose = re.sub(r"(?s)<!--.*?-->| +# [^\n]*", "", text)
        for code in re.findall(r"`([^`\n]+)`", prose) + re.findall(r"(?s)```sh\n(.*?)```", prose):
            for word in re.findall(r"[A-Za-z0-9_./@:-]+", code):
                if word not in words and word.rstrip(".:") not in words and not composed(word, texts, numbers):
                    yield f"{path}: {word} is no name of this service"
        plain = re.sub(r"`[^`\n]*`|\(https?:[^)]*\)", "", prose)
        for number in re.findall(r"(?<![\w.-])\d+(?:\.\d+)?(?![\w-])", plain) if path != "cutover.md" else []:
            if number not in numbers | {"2", "443", "2049"}:  # "version 2" of the AWS CLI, ports of HTTPS and NFS
                yield f"{path}: where does {number} come from?"


def _given(build: Build) -> Iterator[str]:
    """Say of each security group that must be there whether the page tells which backend is in it."""
    for group in build.plan.groups:
        backends = [f"`{name}`" for name in group.members if name in build.plan.backends]
        said = f"- the security group `{group.id}`, which {backends[0] if backends else ''}"
        if group.id and backends and said not in build.files["README.md"]:
            yield f"README.md: {group.id} belongs to {backends}"


def contents(build: Build) -> Iterator[str]:
    """The tables of the README have a row for each container, volume, backend and sum of connections."""
    plan, found = build.plan, tables(build.files["README.md"])
    facts = {row[0]: row[1] for row in found[0]}
    yield from _given(build)
    if "the AWS CLI, version 2," not in build.files["README.md"]:
        yield "README.md: the AWS CLI is another"
    wanted = {"account, region": f"`{plan.account}`, `{plan.region}`"}
    cpu, memory = f"{plan.task.cpu / 1024:g}", plan.task.memory
    size = f"{memory / 1024:g} GiB" if memory % 1024 == 0 else f"{memory} MiB"
    platform = "linux/arm64" if plan.task.runtime_platform.cpu_architecture == "ARM64" else "linux/amd64"
    disk = f", {plan.task.ephemeral_storage.size_in_gib} GiB of disk" if plan.task.ephemeral_storage else ""
    wanted["task"] = f"`{plan.task.family}`: {cpu} vCPU, {size}{disk}, `{platform}`"
    for name, value in wanted.items():
        if not facts.get(name, "").startswith(value):
            yield f"README.md: {name} is {facts.get(name)}, wanted {value}"
    about = {"service": plan.service, "load balancer": plan.load_balancer}
    yield from (f"README.md: no row for {name}" for name, part in about.items() if part and name not in facts)
    yield from differ("README.md: containers", [row[:1] + row[2:5] for row in found[1]], _containers(build))
    rest = found[2:]
    if plan.volumes:
        rows = [
            [f"`{v.name}`", ", ".join(f"`{n}`" for n in v.writers), ", ".join(f"`{n}`" for n in v.readers)]
            for v in plan.volumes.values()
        ]
        yield from differ("README.md: volumes", [[row[0], *row[2:4]] for row in rest.pop(0)], rows)
    if plan.backends:
        rows = [[f"`{b.name}`", f"`{b.host}:{b.port}`"] for b in plan.backends.values()]
        yield from differ("README.md: backends", [row[:2] for row in rest.pop(0)], rows)
    if plan.budgets:
        yield from differ("README.md: connections", [row[0] for row in rest[0]], [f"`{name}`" for name in plan.budgets])
        for row in rest[0]:
            numbers = [int(row[1]), *(int(cell.split()[0]) for cell in row[2:4])]
            tasks = [int(n) for cell in row[2:4] for n in re.findall(r"\((\d+) tasks?\)", cell)]
            if [numbers[0] * n for n in tasks] != numbers[1:]:
                yield f"README.md: {row} does not add up"


def _containers(build: Build) -> list[list[str]]:
    rows = []
    for container in build.plan.containers.values():
        ports = ", ".join(f"{port.number}/{port.protocol}" for port in container.ports)
        held = {
            read: ", ".join(f"`{m.volume}`" for m in container.mounts if m.read_only is read) for read in (False, True)
        }
        rows.append([f"`{container.name}`", ports, held[False], held[True]])
    return rows


def composed(word: str, texts: frozenset[str], numbers: frozenset[str]) -> bool:
    """Say whether a word is made of known ones: host:port, repository:tag, variable=number, 4000/tcp."""
    parts = re.split(r"[:=/]", word)
    known = texts | {piece for text in texts for piece in re.split(r"[:=/]", text)}
    return all(part in known or part in numbers or part in FIXED_WORDS or part == "" for part in parts)


# Commands and options that pages show, besides names.
FIXED = (
    "iam:CreateServiceLinkedRole sh docker compose --file up --build export for script in scripts/0 0-7 do done || break cd && chuoigen build --region"
    " name aws elbv2 describe-load-balancers --names --query LoadBalancers 0 .DNSName --output text curl --fail"
    " --show-error --connect-to :: https://www.example.com ecs delete-service --cluster --service --force --dry-run"
    " IMAGE_TAG cutover first environment --ask --plan scripts/apply.sh linux/amd64 linux/arm64 .. -*.sh $( sh scripts/deploy.sh containers"
    " ecr.api ecr.dkr s3 sns subscribe --topic-arn --protocol email --notification-endpoint ADDRESS"
    " images.lock --locked =IMAGE --no-wait --yes pipeline : :: service 127.0.0.1 load balancer task scripts/05-security-groups.sh"
)
FIXED_WORDS = frozenset(re.findall(r"[A-Za-z0-9_.-]+", FIXED)) | {"tcp", "udp", "containers.app.environment"}


def sums(build: Build) -> Iterator[str]:
    """Each product and sum that a page shows is right, and each row of its table adds up."""
    text = build.files.get("cutover.md", "")
    for left, total in re.findall(r"((?:\d+ × \d+)(?: \+ \d+ × \d+)*) = (\d+)", text):  # noqa: RUF001
        if _sum(left) != int(total):
            yield f"cutover.md: {left} is not {total}"
    cutover = build.plan.cutover
    if cutover is None:
        return
    limit = next(b.max_connections for b in build.plan.backends.values() if b.max_connections and b.pools)
    for row in tables(text)[0]:
        after, during, left_over = int(row[3]), int(row[4].split()[0]), int(row[5])
        parts = [cell for cell in row[1:3] if cell != "none"]
        if sum(map(_sum, parts)) != after or during < after or limit - during != left_over:
            yield f"cutover.md: {row[0]} does not add up"
        heading = re.search(rf"(?ms)^## {re.escape(row[0])}\n(.*?)(?=^## |\Z)", text)
        if heading is None:
            yield f"cutover.md: {row[0]} has no section"
            continue
        section = heading[1]
        first = re.search(r"Connections: .*? = (\d+)(?:, at most (\d+) on the way)?\.", section)
        if first is None or int(first[1]) != after or int(first[2] or after) != during:
            yield f"cutover.md: {row[0]} counts otherwise in its section"
        checks = re.findall(r"counts no more than (\d+) connections", section)
        yield from (f"cutover.md: {row[0]} is checked by {c}" for c in checks if int(c) != after)
        yield from (
            f"cutover.md: {row[0]} lacks {part}"
            for part in ("**Do.**", "**Check.**", "**Back.**")
            if part not in section
        )
    worst = max(int(row[4].split()[0]) for row in tables(text)[0])
    if f"never more than {worst}." not in text or f"admits {limit}." not in text:
        yield "cutover.md: the greatest sum is another"


def _sum(text: str) -> int:
    return sum(int(a) * int(b) for a, b in re.findall(r"(\d+) × (\d+)", text))  # noqa: RUF001
