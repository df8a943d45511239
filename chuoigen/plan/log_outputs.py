"""What a log router is told to write into AWS, and so what the task role must allow: the options of awsfirelens."""

from collections.abc import Iterator

from chuoigen.aws import arn
from chuoigen.aws.log_outputs import CREATING_OPTIONS, LOG_OUTPUTS, PLUGIN_OPTIONS, LogOutput
from chuoigen.messages import Texts
from chuoigen.plan.definitions import ContainerPlan
from chuoigen.recipes.answers import Permission
from chuoigen.spec import Spec

_OFF = ("", "false", "off", "no", "0")
_say = Texts(__name__)


def named_place(container: ContainerPlan) -> tuple[str, str] | None:
    """Return the option that names where a log router writes into AWS, and the name; None where none does."""
    options = {key.lower(): key for key in container.logs.options}
    kind = next((container.logs.options[options[key]] for key in ("name", "@type") if key in options), "")
    output = LOG_OUTPUTS.get(kind.lower()) if container.logs.driver == "awsfirelens" else None
    spellings = (output.option, PLUGIN_OPTIONS.get(output.option, "")) if output is not None else ()
    own = next((options[spelling] for spelling in spellings if spelling in options), None)
    return (own, container.logs.options[own]) if own is not None else None


def log_permissions(spec: Spec, container: ContainerPlan) -> Iterator[Permission]:
    """Yield what the options of a container's log driver call for; the key is that of the option in logs."""
    place = named_place(container)
    options = {key.lower(): value for key, value in container.logs.options.items()}
    output = LOG_OUTPUTS.get(options.get("name", options.get("@type", "")).lower())
    if place is None or output is None:
        return
    # A name may end in variables of the router: what stands before them is fixed.
    fixed, variable, _ = place[1].partition("$")
    if not fixed:
        return
    why = _say(f"writes.{output.service}", name=place[1])
    key = ("options", place[0])
    if "role_arn" in options:
        yield Permission("AssumeLogRole", ("sts:AssumeRole",), (options["role_arn"],), key, why)
        return
    more = {action for option, action in CREATING_OPTIONS.items() if options.get(option, "").lower() not in _OFF}
    actions = (*output.actions, *sorted(more)) if output.service == "logs" else output.actions
    resource = _resource(spec, output, options.get("region"), f"{fixed}*" if variable else fixed)
    yield Permission(f"WriteLogs{output.service.capitalize()}", actions, (resource,), key, why)


def _resource(spec: Spec, output: LogOutput, region: str | None, name: str) -> str:
    place = region or spec.aws.region
    where = ("", "") if output.service == "s3" else (place, spec.aws.account)
    return str(arn.Arn(arn.partition(place), output.service, *where, output.resource.format(name=name)))
