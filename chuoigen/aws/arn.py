"""Names of AWS resources, built from their parts and taken apart again, in the region's own partition."""

from __future__ import annotations

import re

from chuoigen.aws.fact import fact
from chuoigen.aws.regions import PARTITIONS
from chuoigen.record import Record

ANY_SUFFIX = fact("-??????", "AWS documentation, 'Secrets Manager resources'", "2026-11-23")
"""What a permission has in place of the six characters that Secrets Manager adds to a name."""

PATTERN = fact(
    r"[*?]|\$\{[^}]*\}?",
    "AWS documentation, 'IAM JSON policy elements: Resource' and 'IAM policy elements: Variables and tags'",
    "2026-11-27",
)
"""What IAM reads as a pattern or a variable in the ARN of a policy."""

_ARN = r"arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)"
_ECR = r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.([a-z0-9.-]+)(?:/(.+))?"


class Arn(Record):
    """The six parts of an ARN; a global service has no region, S3 has no account either."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"


class SecretArn(Record):
    """The ARN of a secret of Secrets Manager, and what ECS's valueFrom says behind it; empty where it says nothing."""

    arn: str
    key: str = ""
    version_stage: str = ""
    version_id: str = ""

    @property
    def complete(self) -> bool:
        """Whether the ARN ends as all do: with a hyphen and the six characters that Secrets Manager adds to a name."""
        return re.search(r"-[A-Za-z0-9]{6}$", self.arn) is not None


class EcrImage(Record):
    """An image in a private ECR repository; `rest` is the repository with its tag or digest."""

    account: str
    region: str
    rest: str


def regions() -> tuple[str, ...]:
    """Return the regions of all partitions."""
    return tuple(region for known in PARTITIONS.values() for region in known.regions)


def partition(region: str) -> str:
    """Return the partition of a region: where it is listed, else by the form of its code, else `aws`."""
    listed = next((name for name, known in PARTITIONS.items() if region in known.regions), None)
    formed = (name for name, known in PARTITIONS.items() if re.fullmatch(known.pattern, region))
    return listed or next(formed, "aws")


def dns_suffix(region: str) -> str:
    """Return what host names of a region's services end with."""
    return PARTITIONS[partition(region)].dns_suffix


def parse(text: str) -> Arn | None:
    """Take an ARN apart; None for text that is not one. The resource keeps its own colons and slashes."""
    found = re.fullmatch(_ARN, text)
    return Arn(*found.groups()) if found else None


def parse_secret(text: str) -> SecretArn | None:
    """Take ECS's `arn:…:secret:name:key:stage:id` apart; None for what is neither that nor an ARN of a secret.

    AWS documentation, 'Pass Secrets Manager secrets through Amazon ECS environment variables', checked 2026-11-27: the
    three parts may be empty, their colons stand there all the same.
    """
    parsed = parse(text)
    if parsed is None or parsed.service != "secretsmanager" or not parsed.resource.startswith("secret:"):
        return None
    _, name, *parts = parsed.resource.split(":")
    own = str(parsed.replaced(resource=f"secret:{name}"))
    return SecretArn(own, *parts) if name and len(parts) in (0, 3) else None


def parameter_arn(account: str, region: str, name: str) -> str:
    """Return the ARN of a parameter; a slash that the name starts with is written once."""
    return str(Arn(partition(region), "ssm", region, account, f"parameter/{name.removeprefix('/')}"))


def secret_arn(account: str, region: str, name: str) -> str:
    """Return the ARN of a secret by its name, without what Secrets Manager adds to it: reading by it works."""
    return str(Arn(partition(region), "secretsmanager", region, account, f"secret:{name}"))


def secret_resource(account: str, region: str, written: str) -> str:
    """Return what a permission to read a secret names, by the secret's name or ARN.

    Secrets Manager adds a hyphen and six characters to a name; where they are not known any six are allowed.
    """
    if not written.startswith("arn:"):
        return secret_arn(account, region, written) + ANY_SUFFIX
    parsed = parse_secret(written)
    if parsed is None:
        return written
    return parsed.arn if parsed.complete else parsed.arn + ANY_SUFFIX


def role_arn(account: str, region: str, name: str) -> str:
    """Return the ARN of a role, which may have its path in front."""
    return str(Arn(partition(region), "iam", "", account, f"role/{name.removeprefix('/')}"))


def function_arn(account: str, region: str, written: str) -> str:
    """Return the ARN of a function of Lambda that is written by its name or its ARN."""
    return (
        written
        if written.startswith("arn:")
        else str(Arn(partition(region), "lambda", region, account, f"function:{written}"))
    )


def server_certificate(text: str) -> str | None:
    """Return the name of a server certificate of IAM, without its path; None for any other ARN."""
    name = named(text, "iam", "server-certificate/")
    return name.rpartition("/")[2] if name is not None else None


def managed_policy_arn(region: str, name: str) -> str:
    """Return the ARN of a policy of AWS's own; the name has its path, such as `service-role/`, in front."""
    return str(Arn(partition(region), "iam", "", "aws", f"policy/{name}"))


def log_group_arn(account: str, region: str, name: str) -> str:
    """Return the ARN of a log group; permissions on its streams need `:*` behind it."""
    return str(Arn(partition(region), "logs", region, account, f"log-group:{name}"))


def named(text: str, service: str, kind: str) -> str | None:
    """Return the name in an ARN of one kind of thing, such as `cluster/` of ecs or `log-group:` of logs; else None."""
    parsed = parse(text)
    own = parsed is not None and parsed.service == service and parsed.resource.startswith(kind)
    return (parsed.resource.removeprefix(kind).removesuffix(":*") or None) if parsed is not None and own else None


def cluster(text: str) -> str | None:
    """Return the name of a cluster by its ARN; None for anything else."""
    return named(text, "ecs", "cluster/")


def log_group(text: str) -> str | None:
    """Return the name of a log group by its ARN, with or without `:*` behind it; None for anything else."""
    return named(text, "logs", "log-group:")


def cloud_map_id(text: str, kind: str) -> str | None:
    """Return the id of a namespace or a service of Cloud Map by its ARN or id; None for a name."""
    prefix = {"namespace": "ns-", "service": "srv-"}[kind]
    return text if text.startswith(prefix) else named(text, "servicediscovery", f"{kind}/")


def cloud_map_arn(account: str, region: str, kind: str, identity: str) -> str:
    """Return the ARN of a namespace or a service of Cloud Map by its id."""
    return str(Arn(partition(region), "servicediscovery", region, account, f"{kind}/{identity}"))


class ListenerArn(Record):
    """What the ARN of a listener says: its load balancer's ARN and name, and its own id."""

    balancer: str
    name: str
    id: str


def listener(text: str) -> ListenerArn | None:
    """Take the ARN of a listener of an Application Load Balancer apart; None for anything else."""
    parsed = parse(text)
    found = re.fullmatch(r"listener/(app/([A-Za-z0-9-]+)/[0-9a-f]+)/([0-9a-f]+)", parsed.resource) if parsed else None
    if parsed is None or found is None or parsed.service != "elasticloadbalancing":
        return None
    return ListenerArn(str(parsed.replaced(resource=f"loadbalancer/{found[1]}")), found[2], found[3])


def bucket_arn(region: str, name: str, key: str = "") -> str:
    """Return the ARN of a bucket, or of the objects of a key; S3's ARNs have no region and no account."""
    return str(Arn(partition(region), "s3", "", "", f"{name}/{key.removeprefix('/')}" if key else name))


def repository_arn(account: str, region: str, name: str) -> str:
    """Return the ARN of an ECR repository."""
    return str(Arn(partition(region), "ecr", region, account, f"repository/{name}"))


def repository(text: str) -> str | None:
    """Return the name of an ECR repository by its ARN; None for anything else."""
    return named(text, "ecr", "repository/")


def project(text: str) -> str | None:
    """Return the name of a project of CodeBuild by its ARN; None for anything else."""
    return named(text, "codebuild", "project/")


def topic(text: str) -> str | None:
    """Return the name of a topic of SNS by its ARN; None for anything else."""
    return named(text, "sns", "")


def ecr_repository(image: str) -> str | None:
    """Return the ARN of the private ECR repository of an image reference; None for any other registry."""
    found = parse_ecr(image)
    name = found.rest.partition("@")[0].partition(":")[0] if found is not None else ""
    return repository_arn(found.account, found.region, name) if found is not None and name else None


def ecr_registry(account: str, region: str) -> str:
    """Return the host name of an account's private registry."""
    return f"{account}.dkr.ecr.{region}.{dns_suffix(region)}"


def parse_ecr(image: str) -> EcrImage | None:
    """Take an image reference in a private ECR registry apart; None for any other registry."""
    found = re.fullmatch(_ECR, image)
    return EcrImage(found[1], found[2], found[4] or "") if found and found[3] == dns_suffix(found[2]) else None
