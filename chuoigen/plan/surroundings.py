"""What is decided around the task and is no resource: who reaches whom, backends, builds, connections, the cutover."""

from collections.abc import Mapping

from chuoigen.messages import Message
from chuoigen.record import Record


class Party(Record):
    """Who takes part in a connection.

    `kind` is internet, addresses (a CIDR block), group (of another service), balancer, container, backend, other-task
    (of the same service) or every-container; `name` is empty where there is only one of the kind.
    """

    kind: str
    name: str


class Reach(Record):
    """Who can reach whom on which port. `via` says through what; incidental ways have `intended` False."""

    source: Party
    target: Party
    port: int
    protocol: str
    via: str
    intended: bool
    why: Message

    @property
    def key(self) -> str:
        """Which way this is: its ends and its port; between two containers there is one inside the task only."""
        ends = (f"{party.kind}:{party.name}" if party.name else party.kind for party in (self.source, self.target))
        return f"{' > '.join(ends)} {self.port}/{self.protocol}"


class BackendPlan(Record):
    """A backend of the service; its security group has its name for a role."""

    name: str
    host: str
    port: int
    max_connections: int | None
    pool_container: str | None
    pool_variable: str | None
    pool_size: int | None


class PipelinePlan(Record):
    """How images are built. `tag` is None when each build takes the commit; `first_tag` is that of the first images.

    `parameters` and `secrets` are what CodeBuild reads from Systems Manager and Secrets Manager, by variable.
    """

    source_bucket: str | None
    artifact_bucket: str | None
    tag: str | None
    first_tag: str
    parameters: Mapping[str, str]
    secrets: Mapping[str, str]


class BudgetPlan(Record):
    """Connections to one backend: what one task holds, and the sums, against what the backend admits."""

    backend: str
    per_task: int
    tasks: int
    rolling_tasks: int
    steady: int
    rolling: int
    limit: int | None


class StepPlan(Record):
    """One step of a cutover with the counts and pools after it (`peak` counts what runs at once during it)."""

    number: int
    title: Message
    text: Message
    old_instances: int
    old_pool: int
    tasks: int
    peak_tasks: int
    task_pool: int
    total: int
    peak: int


class CutoverPlan(Record):
    """Moving traffic from `predecessor`, step by step, under the connections that the backend admits."""

    predecessor: str
    backend: str
    variable: str
    limit: int
    steps: Mapping[str, StepPlan]
