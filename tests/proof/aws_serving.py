"""What moto lacks of ECS and load balancers together: tasks are in target groups, and requests reach them or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.proof.aws_shifting import Deployments, forwarded, groups_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.plan import Plan

ADDRESS = "10.0.0.9"
"""A task of the service; where the service has a target group, it is healthy in it at once."""


class Serving:
    """The tasks of an account in its target groups, brought up to date after each call."""

    def __init__(self, plan: Plan) -> None:
        from moto.applicationautoscaling.models import applicationautoscaling_backends
        from moto.core.models import DEFAULT_ACCOUNT_ID
        from moto.ecs.models import ecs_backends
        from moto.elbv2.models import elbv2_backends

        self.ecs = ecs_backends[DEFAULT_ACCOUNT_ID][plan.region]
        self.elb = elbv2_backends[DEFAULT_ACCOUNT_ID][plan.region]
        self.scaling = applicationautoscaling_backends[DEFAULT_ACCOUNT_ID][plan.region]
        self.before: dict[str, bool] = {}
        self.lost: list[str] = []
        for name in ("create_service", "update_service"):
            setattr(self.ecs, name, self._checked(getattr(self.ecs, name)))
        # moto counts the memory of the containers, which those of Fargate need not say.
        setattr(self.ecs, "_calculate_task_resource_requirements", lambda _: {"CPU": 0, "MEMORY": 0, "PORTS": []})  # noqa: B010
        _name_interfaces()
        _describe_rules()
        _remember_services()
        _list_names(plan.region)
        self.deployments = Deployments(self.ecs, self.elb)
        self.elb.tag_resource = self._tag  # type: ignore[method-assign]
        self.elb.iter_tagged_resources = self._tagged  # type: ignore[method-assign]

    def _checked(self, call: Any) -> Any:
        """Refuse a target group without a load balancer, as ECS does."""

        def checked(*arguments: Any, **named: Any) -> Any:
            from moto.ecs.exceptions import InvalidParameterException

            asked = {**named, **(arguments[0] if arguments and isinstance(arguments[0], dict) else {})}
            given = asked.get("load_balancers") or ()
            for each in given:
                group = self.elb.target_groups.get(each["targetGroupArn"])
                if group is None or not group.load_balancer_arns:
                    raise InvalidParameterException("The target group does not have an associated load balancer.")
            made = call(*arguments, **named)
            said = {name for name, value in asked.items() if value is not None}
            if said - {"cluster", "service", "deployment_configuration"}:
                self.deployments.begin(made.name)
            return made

        return checked

    def _tag(self, arn: str, tags: dict[str, str]) -> None:
        """Take the tags that the tagging API gives to a load balancer or a target group."""
        self.elb.add_tags([arn], [{"Key": key, "Value": value} for key, value in tags.items()])

    def _tagged(self) -> Iterator[Any]:
        """Give what moto's tagging API knows, and rules of listeners, which it does not."""
        from moto.core.resource_tagging import TaggedResource

        yield from type(self.elb).iter_tagged_resources(self.elb)
        for balancer in self.elb.load_balancers.values():
            for listener in balancer.listeners.values():
                for arn in _rules(listener):
                    tags = self.elb.tagging_service.get_tag_dict_for_resource(arn)
                    yield TaggedResource(arn=arn, tags=tags, resource_type="elasticloadbalancing:listener-rule/app")

    def settle(self, call: str) -> None:
        """Put tasks where the services have them, and note the ports and rules where requests fail from this call on."""
        wanted = {
            arn
            for service in self.ecs.services.values()
            if service.status == "ACTIVE"
            for each in service.load_balancers or ()
            for arn in groups_of(each)
        }
        for arn, group in self.elb.target_groups.items():
            group.targets = {ADDRESS: {"Id": ADDRESS, "Port": group.port}} if arn in wanted else {}
            group.load_balancer_arns = [
                balancer.arn
                for balancer in self.elb.load_balancers.values()
                if any(
                    arn in dict(forwarded(actions))
                    for listener in balancer.listeners.values()
                    for actions in _actions(listener)
                )
            ]
        # "Deregistering a scalable target deletes the scaling policies that are associated with it" (its model).
        scaled = {target for targets in self.scaling.targets.values() for target in targets}
        self.scaling.policies = {
            name: policy for name, policy in self.scaling.policies.items() if policy.resource_id in scaled
        }
        # A new rule takes its requests from those that the port has answered.
        now: dict[str, bool] = {}
        for way, answers in self._answering():  # a port of two load balancers is served by the one that DNS names
            now[way] = now.get(way, False) or answers
        answered = {way: self.before.get(way, self.before.get(way.split(",")[0])) for way in now}
        self.lost += [f"{call}: {way}" for way, answers in sorted(now.items()) if answered[way] and not answers]
        self.before = now

    def _answering(self) -> Iterator[tuple[str, bool]]:
        """Give each port and each rule, and whether its requests reach tasks, on a way over redirects, too."""
        balancers: Any = self.elb.load_balancers  # moto's types call a port text, which it is not
        for balancer in balancers.values():
            ports = {listener.port for listener in balancer.listeners.values() if self._reach(listener.default_actions)}
            for listener in balancer.listeners.values():
                redirected = any(_redirected(action) in ports for action in listener.default_actions)
                yield f"port {listener.port}", listener.port in ports or redirected
                for rule in _rules(listener).values():
                    sent = any(action.type == "forward" for action in rule.actions)
                    yield f"port {listener.port}, rule {rule.priority}", not sent or self._reach(rule.actions)

    def _reach(self, actions: Any) -> bool:
        reached = [arn for arn, weight in forwarded(actions) if weight]
        return bool(reached) and all(self.elb.target_groups[arn].targets for arn in reached)


def _rules(listener: Any) -> dict[str, Any]:
    return {arn: rule for arn, rule in listener.rules.items() if not rule.is_default}


def _actions(listener: Any) -> Iterator[Any]:
    """Give the actions of a listener and of each of its rules."""
    yield listener.default_actions
    yield from (rule.actions for rule in _rules(listener).values())


def _remember_services() -> None:
    """Let moto 5.2 keep every member that a service is made with, as it does when a service is updated."""
    from moto.core.utils import camelcase_to_underscores
    from moto.ecs.responses import EC2ContainerServiceResponse

    made = EC2ContainerServiceResponse.create_service

    def create(response: Any) -> Any:
        result = made(response)
        asked = response._get_params()  # noqa: SLF001
        service = response.ecs_backend.services[f"{asked['cluster'].rpartition('/')[2]}:{asked['serviceName']}"]
        for member, value in asked.items():
            name = camelcase_to_underscores(member)
            if name not in ("cluster", "service_name", "tags") and not getattr(service, name, None):
                setattr(service, name, value)
        return result

    EC2ContainerServiceResponse.create_service = create  # type: ignore[method-assign,assignment]


def _list_names(region: str) -> None:
    """Let moto 5.2 list what has tags in Cloud Map: get-resources knows the resources of every service (its reference)."""
    from moto.core.models import DEFAULT_ACCOUNT_ID
    from moto.core.resource_tagging import TaggedResource, make_tag_matcher
    from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend
    from moto.servicediscovery.models import servicediscovery_backends

    listed = ResourceGroupsTaggingAPIBackend._get_resources_generator  # noqa: SLF001

    def generate(backend: Any, **filters: Any) -> Iterator[TaggedResource]:
        yield from listed(backend, **filters)
        names: Any = servicediscovery_backends[DEFAULT_ACCOUNT_ID][region]
        for each in (*names.services.values(), *names.namespaces.values()):
            tags = {tag["Key"]: tag["Value"] for tag in names.list_tags_for_resource(each.arn)["Tags"]}
            if make_tag_matcher(filters["tag_filters"])(tags):
                yield TaggedResource(each.arn, tags, "servicediscovery")

    ResourceGroupsTaggingAPIBackend._get_resources_generator = generate  # type: ignore[method-assign,assignment]  # noqa: SLF001


def _name_interfaces() -> None:
    """Let a task start in a VPC without host names, where moto's interfaces have no attribute for one."""
    from moto.ec2.models.elastic_network_interfaces import NetworkInterface

    NetworkInterface.private_dns_name = ""


def _describe_rules() -> None:
    """Let moto 5.2 say the description of rules that name a group, too."""
    from moto.ec2.models.security_groups import SecurityGroupRule

    known = SecurityGroupRule.description
    SecurityGroupRule.description = property(  # type: ignore[method-assign,assignment]
        lambda rule: known.fget(rule) or (rule.source_group or {}).get("Description")  # type: ignore[attr-defined]
    )


def _redirected(action: Any) -> int | None:
    port = (action.data.get("RedirectConfig") or {}).get("Port")
    return int(port) if port else None
