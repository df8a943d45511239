"""Turns the task, its containers and volumes into nodes, and what flows between them or out of the task into links."""

from collections.abc import Iterator

from chuoigen import recipes
from chuoigen.artifacts.diagram.neighbours import some, target_row
from chuoigen.artifacts.diagram.picture import Link, Node, Row
from chuoigen.artifacts.diagram.shapes import Run
from chuoigen.plan.definitions import ContainerPlan, VolumePlan
from chuoigen.plan.model import Plan
from chuoigen.record import Record
from chuoigen.resources.ecs import TaskDefinition

_AFTER = {"START": "started", "HEALTHY": "become healthy", "COMPLETE": "ended", "SUCCESS": "ended well"}


def task_count(plan: Plan) -> str:
    """Say how many tasks the service runs; empty when there is no service."""
    scaling = plan.autoscaling
    if scaling is not None and scaling.min_capacity != scaling.max_capacity:
        return f"{scaling.min_capacity} to {scaling.max_capacity} tasks"
    if plan.service is None:
        return ""
    return "1 task" if plan.service.desired_count == 1 else f"{plan.service.desired_count} tasks"


def task_node(plan: Plan) -> Node:
    """Return the heading of the task's frame."""
    facts: list[tuple[Run, ...]] = [(Run(size(plan.task), css="muted"),)]
    if len(plan.containers) > 1:
        meet = Run("One network namespace: containers meet at ", css="muted")
        facts.append((meet, Run("127.0.0.1", "mono")))
    if plan.service is not None and plan.cluster is not None:
        where = (Run(f"{task_count(plan)} in service ", css="muted"), Run(plan.service.service_name, "mono"))
        facts.append((*where, Run(" of cluster ", css="muted"), Run(plan.cluster.cluster_name, "mono")))
        subnets = plan.service.network_configuration.awsvpc_configuration.subnets
        facts.append((Run(" ".join(some(subnets)), "mono", "muted"),))
    return Node("task", "task", f"Task {plan.task.family}", "task", facts=tuple(facts))


def size(task: TaskDefinition) -> str:
    """Say how large a task is, and for which platform."""
    return f"{task.cpu / 1024:g} vCPU, {_memory(task.memory)}, {task.platform}"


def _memory(mebibytes: int) -> str:
    return f"{mebibytes // 1024} GiB" if mebibytes % 1024 == 0 else f"{mebibytes} MiB"


def order(plan: Plan) -> tuple[str, ...]:
    """Order the containers as requests pass them: the balancer's target, whom it talks to, then the spec's order."""
    talks = {
        name: [target for source, target, _, _ in conversations(plan) if source == name] for name in plan.containers
    }
    front = [group.container for group in plan.target_groups]
    callers = [name for name, targets in talks.items() if targets]
    found: dict[str, None] = {}
    waiting = [name for name in (*front, *callers, *plan.containers) if name in plan.containers][::-1]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = None
            waiting += reversed(talks[name])
    return tuple(found)


def conversations(plan: Plan) -> tuple[tuple[str, str, int, str], ...]:
    """Return who talks to whom inside the task on purpose: source, target, port, protocol."""
    return tuple(
        dict.fromkeys(
            (flow.source.name, flow.target.name, flow.port, flow.protocol)
            for flow in plan.flows.values()
            if flow.intended and flow.source.kind == flow.target.kind == "container"
        )
    )


def volumes_in_order(plan: Plan, stacked: tuple[str, ...]) -> tuple[str, ...]:
    """Order the volumes so that their brackets nest: the one whose users begin lowest comes first."""

    def top(volume: VolumePlan) -> int:
        users = [stacked.index(name) for name in (*volume.writers, *volume.readers) if name in stacked]
        return -min(users, default=len(stacked))

    return tuple(sorted(plan.volumes, key=lambda name: top(plan.volumes[name])))


def container(plan: Plan, made: ContainerPlan, volumes: tuple[str, ...]) -> Node:
    """Return a container: ports and conversations at its left, neighbours, logs and mounts at its right.

    `volumes` is the order in which they stand below: the lowest, whose lane runs outermost, is mounted highest.
    """
    ports = [Row(f"port:{port.number}/{port.protocol}", _port(port.number, port.protocol)) for port in made.ports]
    if made.firelens is not None:
        ports.append(Row("firelens", (Run("log router", css="muted"),)))
    talks = [
        Row(
            f"to:{target}:{port}/{protocol}",
            (Run("to ", css="muted"), Run(f"{target}:{shown(port, protocol)}", "mono", "value")),
        )
        for source, target, port, protocol in conversations(plan)
        if source == made.name
    ]
    if made.logs.driver == "awsfirelens" and router(plan):
        talks.append(Row("logs", (Run("logs to the router", css="muted"),)))
    outward = [Row(outlet.row, outlet.runs) for outlet in outlets(plan, made)]
    mounts = [
        Row(
            f"mount:{mount.volume}",
            (Run("reads " if mount.read_only else "writes ", css="muted"), Run(mount.path, "mono", "value")),
        )
        for volume in reversed(volumes)
        for mount in made.mounts
        if mount.volume == volume
    ]
    badge = "essential" if made.essential else "may stop"
    facts = tuple(_facts(plan, made))
    icon = recipes.named(made.recipe).icon
    return Node(
        f"container:{made.name}", "container", made.name, icon, badge, (), facts, (*ports, *talks), (*outward, *mounts)
    )


def _port(number: int, protocol: str) -> tuple[Run, ...]:
    return (Run("port ", css="muted"), Run(shown(number, protocol), "mono", "value"))


def shown(port: int, protocol: str) -> str:
    return str(port) if protocol == "tcp" else f"{port}/{protocol}"


def _facts(plan: Plan, made: ContainerPlan) -> Iterator[tuple[Run, ...]]:
    yield (Run(f"{made.recipe} ", css="muted"), Run(image(plan, made), "mono"))
    if made.healthcheck is not None:
        every = f" every {made.healthcheck.interval} s"
        yield (
            Run("healthy if ", css="muted"),
            Run(" ".join(made.healthcheck.command[1:]), "mono"),
            Run(every, css="muted"),
        )
    if made.depends_on:
        waits = ", ".join(f"{name} has {_AFTER.get(state, state)}" for name, state in made.depends_on.items())
        yield (Run(f"starts once {waits}", css="muted"),)


def image(plan: Plan, made: ContainerPlan) -> str:
    """Name an image without the service's own registry, and with as much of a digest as people compare."""
    name, at, digest = made.image.reference.removeprefix(f"{plan.registry}/").partition("@")
    return f"{name}{at}{digest[:19]}"


class Outlet(Record):
    """What a container talks to outside the task: the row that says so, the node at the other end, the link's kind."""

    row: str
    node: str
    runs: tuple[Run, ...]
    kind: str = "traffic"


def outlets(plan: Plan, made: ContainerPlan, *, pools: bool = True) -> Iterator[Outlet]:
    """Give the backends that a container is meant to reach, its S3 bucket and where its output goes.

    With `pools` the size of its pool stands beside a backend.
    """
    meant = {
        flow.target.name
        for flow in plan.flows.values()
        if flow.intended
        and (flow.source.kind, flow.target.kind, flow.source.name) == ("container", "backend", made.name)
    }
    for backend in plan.backends.values():
        pooled = sum(pool.connections for pool in backend.pools if pool.container == made.name)
        if backend.name in meant or pooled:
            name = Run(f"{backend.name}:{backend.port}", "mono", "value")
            pool = (Run(f" pool of {pooled}", css="muted"),) if pooled and pools else ()
            key = f"backend:{backend.name}"
            yield Outlet(key, key, (Run("to ", css="muted"), name, *pool))
    for index, bucket in enumerate(recipes.named(made.recipe).buckets(made)):
        yield Outlet(
            f"s3:{index}" if index else "s3",
            f"service:s3:{bucket}",
            (Run("to S3 ", css="muted"), Run(bucket, "mono", "value")),
        )
    if made.logs.driver == "awslogs":
        group = made.logs.group or made.logs.options.get("awslogs-group", "")
        yield Outlet("logs", "service:logs", (Run("logs ", css="muted"), Run(group, "mono")), "logs")
    elif made.logs.driver == "splunk":
        yield Outlet("logs", "service:splunk", (Run("logs to Splunk", css="muted"),), "logs")


def router(plan: Plan) -> ContainerPlan | None:
    """Return the container to which FireLens hands the others' output."""
    return next((made for made in plan.containers.values() if made.firelens is not None), None)


def volume(made: VolumePlan) -> Node:
    """Return a volume; writers and readers each have a row, where their lanes arrive and leave."""
    rows = []
    if made.writers:
        rows.append(Row("written", (Run("written by ", css="muted"), Run(", ".join(made.writers), css="value"))))
    if made.readers:
        rows.append(Row("read", (Run("read by ", css="muted"), Run(", ".join(made.readers), css="value"))))
    return Node(f"volume:{made.name}", "volume", made.name, "cylinder", facts=(_storage(made),), right=tuple(rows))


def _storage(made: VolumePlan) -> tuple[Run, ...]:
    if made.efs is not None:
        return (Run("EFS ", css="muted"), Run(f"{made.efs.file_system_id}{made.efs.root_directory}", "mono"))
    if made.ebs is not None:
        return (
            Run(f"EBS {made.ebs.type}, {made.ebs.size} GiB" if made.ebs.size else f"EBS {made.ebs.type}", css="muted"),
        )
    return (Run("lives with the task", css="muted"),)


def links(plan: Plan) -> Iterator[Link]:
    """Give every link that begins or ends in the task, except those from outside."""
    for group in plan.target_groups:
        row, reached = target_row(group), f"port:{group.port}/tcp"
        yield Link("traffic", "balancer", row, f"container:{group.container}", reached)
    for source, target, port, protocol in conversations(plan):
        yield Link(
            "traffic",
            f"container:{source}",
            f"to:{target}:{port}/{protocol}",
            f"container:{target}",
            f"port:{port}/{protocol}",
        )
    collector = router(plan)
    for each in plan.containers.values():
        for outlet in outlets(plan, each):
            yield Link(outlet.kind, f"container:{each.name}", outlet.row, outlet.node, "")
        if each.logs.driver == "awsfirelens" and collector is not None and collector is not each:
            yield Link("logs", f"container:{each.name}", "logs", f"container:{collector.name}", "firelens")
    for each_volume in plan.volumes.values():
        key = f"volume:{each_volume.name}"
        for name in each_volume.writers:
            yield Link("write", f"container:{name}", f"mount:{each_volume.name}", key, "written")
        for name in each_volume.readers:
            yield Link("read", key, "read", f"container:{name}", f"mount:{each_volume.name}")


def services(plan: Plan) -> tuple[Node, ...]:
    """Return what lies outside the VPC: S3 buckets and where logs go."""
    of_jobs = (made for job in plan.jobs.values() for made in plan.containers_of(job).values())
    outlets_by_node = {
        outlet.node: outlet for made in (*of_jobs, *plan.containers.values()) for outlet in outlets(plan, made)
    }
    return tuple(_service(plan, outlets_by_node[key]) for key in sorted(outlets_by_node) if key.startswith("service:"))


def _service(plan: Plan, outlet: Outlet) -> Node:
    if outlet.node.startswith("service:s3:"):
        return Node(outlet.node, "service", "S3", "bucket", facts=((Run(outlet.runs[-1].text, "mono"),),))
    if outlet.node == "service:splunk":
        return Node(outlet.node, "service", "Splunk", "lines")
    kept = sorted({made.logs.retention for made in plan.containers.values() if made.logs.retention is not None})
    days = f"kept {' or '.join(map(str, kept))} days" if kept else "kept for ever"
    return Node(outlet.node, "service", "CloudWatch Logs", "lines", facts=((Run(days, css="muted"),),))
