"""What ECS needs to move traffic from old tasks to new ones: a second target group, a listener for tests, and a role.

The weights of the production listener belong to ECS from the first deployment on; nothing here says them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chuoigen.aws import arn, deploying
from chuoigen.aws.limits import HTTP_PORT, HTTPS_PORT
from chuoigen.plan.balancer import BALANCER, listener
from chuoigen.plan.deployment import HOOKS, function_arn, shifts
from chuoigen.plan.permissions import Grant, granted_role, role_key
from chuoigen.provenance import by_key, decision, each
from chuoigen.resources import Ref, Resource, Shape, unique
from chuoigen.resources.deployment import AdvancedConfiguration, AlternateGroup
from chuoigen.resources.iam import allow
from chuoigen.resources.network import LoadBalancer, TargetGroup
from chuoigen.spec import Spec
from chuoigen.spec.deployment import Deployment as Written

INFRASTRUCTURE = "infrastructure"
"""The role with which ECS moves traffic."""


def _written(spec: Spec) -> Written | None:
    """Return how the service is deployed, where traffic moves from tasks to tasks by a listener that is made here."""
    found = spec.service.deployment if spec.service is not None and spec.network is not None else None
    if spec.load_balancer is not None and spec.load_balancer.listener is not None:
        return None
    return found if found is not None and shifts(found) else None


@decision
def shifting_resources(spec: Spec, made: Mapping[str, Resource]) -> dict[str, Resource]:
    """Return what ECS needs to move traffic, beside the load balancer that was made; nothing where it moves none."""
    written = _written(spec)
    balancer = made.get(BALANCER)
    if written is None or not isinstance(balancer, LoadBalancer):
        return {}
    targets = [one for one in made.values() if isinstance(one, TargetGroup)]
    groups = by_key(each(targets, lambda target: _alternate(written, target)))
    every = (*targets, *groups.values())
    return {**groups, **_test_listener(spec, written), **_infrastructure(spec, balancer, every)}


def alternate_key(target: TargetGroup) -> str:
    """Return the key of the other target group of a target."""
    return f"{target.key}-alternate"


def _alternate(written: Written, target: TargetGroup) -> AlternateGroup:
    """Return a target group that is like the first one."""
    name = written.alternate_target_group or f"{target.name}-alt"
    like = {field: _anew(getattr(target, field)) for field in TargetGroup.FIELDS}
    return AlternateGroup(**{**like, "key": alternate_key(target), "name": name})


def _anew(value: Any) -> Any:
    """Return a value with a shape of its own, whose sources are also those of what it is made for."""
    return type(value)(*(getattr(value, field) for field in value.FIELDS)) if isinstance(value, Shape) else value


def production_port(spec: Spec) -> int:
    """Return the port on which users are served."""
    return HTTPS_PORT if spec.load_balancer is not None and spec.load_balancer.certificate is not None else HTTP_PORT


def _test_listener(spec: Spec, written: Written) -> dict[str, Resource]:
    """Return the listener for tests: like the one of production, on another port."""
    balancer, test = spec.load_balancer, written.test_traffic
    if balancer is None or test is None:
        return {}
    return by_key(each((test.port,), lambda port: listener(spec, balancer, port)))


def advanced_configuration(spec: Spec, target: TargetGroup) -> AdvancedConfiguration | None:
    """Return between what ECS moves the traffic of a target; None where it moves none."""
    written = _written(spec)
    if written is None:
        return None
    test = written.test_traffic
    return AdvancedConfiguration(
        alternate_target_group_arn=Ref(alternate_key(target)),
        production_listener_rule=Ref(f"listener:{production_port(spec)}", "production_rule"),
        test_listener_rule=Ref(f"listener:{test.port}", "test_rule") if test is not None else None,
        role_arn=Ref(role_key(INFRASTRUCTURE), "arn"),
    )


def _infrastructure(spec: Spec, balancer: LoadBalancer, targets: Sequence[TargetGroup]) -> dict[str, Resource]:
    """Return the role that may do to this load balancer what the managed policy of AWS allows for all of them."""
    account, region = spec.aws.account, spec.aws.region

    def balanced(kind: str, name: str) -> str:
        return str(arn.Arn(arn.partition(region), "elasticloadbalancing", region, account, f"{kind}/{name}/*"))

    grants: tuple[Grant, ...] = (
        lambda: allow("SeeLoadBalancers", deploying.SHIFT_READ, ("*",)),
        lambda: allow(
            "RegisterTasks",
            deploying.SHIFT_TARGETS,
            tuple(balanced("targetgroup", target.name) for target in targets),
        ),
        lambda: allow("MoveDefaultTraffic", deploying.SHIFT_LISTENER, (balanced("listener/app", balancer.name),)),
        lambda: allow("MoveTraffic", deploying.SHIFT_RULE, (balanced("listener-rule/app", balancer.name),)),
    )
    return granted_role(spec, INFRASTRUCTURE, (), grants)


@decision
def hook_role(spec: Spec) -> dict[str, Resource]:
    """Return the role with which ECS calls the functions of hooks; nothing without a function."""
    written = spec.service.deployment if spec.service is not None and spec.network is not None else None
    functions = unique(function_arn(spec, hook) for hook in written.hooks.values()) if written is not None else ()
    if not functions:
        return {}
    grants: tuple[Grant, ...] = (lambda: allow("CallHooks", ("lambda:InvokeFunction",), functions),)
    return granted_role(spec, HOOKS, (), grants)
