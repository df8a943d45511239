"""The plan: everything that is decided about a service, ready to be written down; templates decide nothing more.

Sizes are in ECS's units (CPU units, MiB, seconds) unless a name says otherwise. Mappings keep the order of the spec.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from chuoigen import recipes
from chuoigen.messages import ENGLISH
from chuoigen.plan.connections import BackendPlan, BudgetPlan, CutoverPlan
from chuoigen.plan.definitions import ContainerPlan, VolumePlan
from chuoigen.plan.flows import Flow
from chuoigen.plan.job_flows import job_flows
from chuoigen.plan.jobs import JobPlan, job_key, worker
from chuoigen.plan.pipeline import PipelinePlan
from chuoigen.plan.targets import TARGET_GROUP
from chuoigen.record import Record
from chuoigen.resources import Ref, Resource, Shape, request, unique
from chuoigen.resources.account import BuildProject, LogGroup, Repository
from chuoigen.resources.discovery import DiscoveryService, HttpNamespace, Namespace
from chuoigen.resources.ecs import Cluster, Service, TaskDefinition
from chuoigen.resources.iam import Policy, Role
from chuoigen.resources.jobs import JobDefinition, Schedule
from chuoigen.resources.listeners import GivenListener, Listener, ListenerRule
from chuoigen.resources.network import IngressRule, LoadBalancer, SecurityGroup, TargetGroup
from chuoigen.resources.scaling import ScalableTarget, ScalingPolicy, ScheduledAction

R = TypeVar("R", bound=Resource)


class Plan(Record):
    """A service as it will be.

    `prefix` is `<name>-<stage>` (or the name alone); `output` is the usual output folder and `spec_file` the spec, both
    relative to the root of the repository. What a spec does not ask for is None or empty. `tags` are put on all that is
    made; `resources` are by their keys. `local_ports` are the ports of a machine that runs compose, by container and by
    the port behind each (`80/tcp`).
    """

    name: str
    stage: str | None
    prefix: str
    output: str
    spec_file: str
    account: str
    region: str
    partition: str
    registry: str
    timezone: str
    tags: Mapping[str, str]
    volumes: Mapping[str, VolumePlan]
    containers: Mapping[str, ContainerPlan]
    backends: Mapping[str, BackendPlan]
    local_ports: Mapping[str, Mapping[str, int]]
    vpc: str | None
    resources: Mapping[str, Resource]
    jobs: Mapping[str, JobPlan]
    flows: Mapping[str, Flow]
    pipeline: PipelinePlan | None
    budgets: Mapping[str, BudgetPlan]
    cutover: CutoverPlan | None

    def every(self, kind: type[R]) -> tuple[R, ...]:
        """Return the resources of a kind, in the plan's order."""
        return tuple(resource for resource in self.resources.values() if isinstance(resource, kind))

    def one(self, kind: type[R]) -> R | None:
        """Return the resource of a kind of which there is one at most."""
        return next(iter(self.every(kind)), None)

    def at(self, reference: Ref) -> Any:
        """Return what a reference stands for; None for what AWS decides when the resource is created."""
        return getattr(self.resources[reference.key], reference.attribute, None)

    def request(self, shape: Shape) -> dict[str, Any]:
        """Return the members of a request; what AWS decides later is a mark such as `@load-balancer@`, for scripts."""
        return request(shape, self._filled, ENGLISH.text)

    def _filled(self, reference: Ref) -> Any:
        known = self.at(reference)
        return reference.mark if known is None else known

    @property
    def up(self) -> str:
        """The way from the output folder to the root of the repository."""
        return "/".join(".." for _ in self.output.split("/"))

    @property
    def built(self) -> tuple[ContainerPlan, ...]:
        """The containers whose images are built here."""
        return tuple(container for container in self.containers.values() if container.build is not None)

    @property
    def filled(self) -> tuple[ContainerPlan, ...]:
        """The containers whose images a deployment fills in, each image once: those built here, and placeholders."""
        owners: dict[str, ContainerPlan] = {}
        for container in (*self.built, *self.containers.values()):
            if container.image.filled is not None:
                owners.setdefault(container.image.reference, container)
        return tuple(owners.values())

    @property
    def task(self) -> TaskDefinition:
        """The task definition."""
        return self.every(TaskDefinition)[0]

    def definition(self, job: JobPlan) -> JobDefinition:
        """Return the task definition of a job."""
        return next(each for each in self.every(JobDefinition) if each.key == job_key(job.name))

    def schedule(self, job: JobPlan) -> Schedule | None:
        """Return the schedule of a job, if it has one."""
        return next((each for each in self.schedules if each.name == job.name), None)

    @property
    def open_flows(self) -> tuple[Flow, ...]:
        """The flows of the service's tasks, and then those of the jobs."""
        return (*self.flows.values(), *job_flows(self.jobs.values(), self.flows.values()))

    def containers_of(self, job: JobPlan) -> dict[str, ContainerPlan]:
        """Return the containers of a job's task, that of the work first."""
        found = {name: self.containers[name] for name in job.containers}
        return {name: worker(job, one) if name == job.container else one for name, one in found.items()}

    @property
    def schedules(self) -> tuple[Schedule, ...]:
        """The schedules of the jobs."""
        return self.every(Schedule)

    @property
    def groups(self) -> tuple[SecurityGroup, ...]:
        """The security groups, made or joined."""
        return self.every(SecurityGroup)

    def rules(self, group: SecurityGroup) -> tuple[IngressRule, ...]:
        """Return the inbound rules of a group."""
        return tuple(rule for rule in self.every(IngressRule) if rule.group.key == group.key)

    def role(self, name: str) -> Role | None:
        """Return the role `execution`, `task` or `codebuild`."""
        return next((role for role in self.every(Role) if role.key == f"role:{name}"), None)

    def policy(self, role: Role) -> Policy:
        """Return the inline policy of a role."""
        return next(policy for policy in self.every(Policy) if policy.role_name.key == role.key)

    @property
    def load_balancer(self) -> LoadBalancer | None:
        """The load balancer; where there is one, there is a target group."""
        return self.one(LoadBalancer)

    @property
    def made_balancer(self) -> LoadBalancer | None:
        """The load balancer, unless it is there already."""
        return None if self.load_balancer is None or self.load_balancer.existing else self.load_balancer

    @property
    def given_listener(self) -> GivenListener | None:
        """The listener that is there already, to which rules are added."""
        return self.one(GivenListener)

    @property
    def target_groups(self) -> tuple[TargetGroup, ...]:
        """The target groups of the load balancer, that of its first target first."""
        return self.every(TargetGroup)

    @property
    def target_group(self) -> TargetGroup | None:
        """The target group of the load balancer's first target."""
        return next((group for group in self.target_groups if group.key == TARGET_GROUP), None)

    @property
    def listeners(self) -> tuple[Listener, ...]:
        """The listeners of the load balancer, by port."""
        return self.every(Listener)

    @property
    def listener_rules(self) -> tuple[ListenerRule, ...]:
        """The rules of the listeners, the one that goes first first."""
        return tuple(sorted(self.every(ListenerRule), key=lambda rule: rule.priority))

    @property
    def namespace(self) -> Namespace | None:
        """The DNS namespace that the tasks are found in; where there is one, there is a service in it."""
        return self.one(Namespace)

    @property
    def connect_namespace(self) -> HttpNamespace | None:
        """The namespace of Service Connect, unless it is that of `discovery`."""
        return self.one(HttpNamespace)

    @property
    def discovery(self) -> DiscoveryService | None:
        """The service of Cloud Map that has the addresses of the tasks."""
        return self.one(DiscoveryService)

    @property
    def service(self) -> Service | None:
        """The service; where there is one, there is a cluster."""
        return self.one(Service)

    @property
    def cluster(self) -> Cluster | None:
        """The cluster of the service."""
        return self.one(Cluster)

    @property
    def autoscaling(self) -> ScalableTarget | None:
        """The bounds of the count of tasks; None where it is fixed."""
        return self.one(ScalableTarget)

    @property
    def scaling_policies(self) -> tuple[ScalingPolicy, ...]:
        """What changes the count of tasks."""
        return self.every(ScalingPolicy)

    @property
    def scheduled_actions(self) -> tuple[ScheduledAction, ...]:
        """What changes the bounds of the count by the clock."""
        return self.every(ScheduledAction)

    @property
    def log_groups(self) -> tuple[LogGroup, ...]:
        """The log groups of the containers."""
        return self.every(LogGroup)

    @property
    def repositories(self) -> tuple[Repository, ...]:
        """The repositories of the images that are built here."""
        return self.every(Repository)

    @property
    def buckets(self) -> tuple[str, ...]:
        """The S3 buckets that must be there: of logs, of the source and of the pipeline."""
        written = [bucket for each in self.containers.values() for bucket in recipes.named(each.recipe).buckets(each)]
        pipeline = self.pipeline
        return unique((*written, *((pipeline.source_bucket, pipeline.artifact_bucket) if pipeline else ())))

    @property
    def project(self) -> BuildProject | None:
        """The project that builds the images."""
        return self.one(BuildProject)
