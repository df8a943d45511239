"""The rule of each kind of name and identifier that AWS takes, with its source, checked 2026-11-23."""

from __future__ import annotations

from typing import NamedTuple


class NameRule(NamedTuple):
    """What one kind of name may look like; lengths are in characters, expressions are Python's."""

    kind: str
    source: str
    max: int
    min: int = 1
    allowed: str = ""
    """The characters, as they stand inside a character class; any when empty."""
    words: str = ""
    """The same characters in words."""
    forbidden_prefixes: tuple[tuple[str, str], ...] = ()
    """Beginnings that are refused in any case, each with who keeps them for what."""
    faults: tuple[tuple[str, str], ...] = ()
    """Expressions that must not be found in the name, each with what to say when one is."""
    pattern: str = ""
    """What the whole name must match, where characters and faults do not say it."""
    form: str = ""
    """What to say about a name that does not match `pattern`."""


_PLAIN = ("A-Za-z0-9_-", "letters, digits, hyphens and underscores")
_HYPHENATED = ("A-Za-z0-9-", "letters, digits and hyphens")
_GROUP = (r"A-Za-z0-9 ._:/()#,@\[\]+=&;{}!$*-", "ASCII letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*")
_IAM = ("A-Za-z0-9_+=,.@-", "letters, digits and _+=,.@-")
# Letters, digits (and the underscore) of Unicode, and its separators: \p{L}, \p{N} and \p{Z} of the model.
_TAG = (
    r"\w \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000.:/=+@-",
    "letters, digits, spaces and + - = . _ : / @",
)
_EDGES = ((r"^-", "starts with a hyphen"), (r"-$", "ends with a hyphen"))
_REPOSITORY = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*"
_PARTITION = "arn:aws(?:-[a-z]+)*"


def _ecs(kind: str, member: str) -> NameRule:
    return NameRule(kind, f"botocore 1.44, ecs, {member}", 255, allowed=_PLAIN[0], words=_PLAIN[1])


def _ec2(kind: str, prefix: str) -> NameRule:
    source = "AWS documentation, 'Resource IDs', Amazon EC2 user guide, checked 2026-11-23"
    form = f'is not an id, which is "{prefix}-" and 8 or 17 hexadecimal digits in lower case'
    return NameRule(kind, source, 64, pattern=f"{prefix}-(?:[0-9a-f]{{8}}|[0-9a-f]{{17}})", form=form)


def _efs(kind: str, prefix: str, member: str) -> NameRule:
    form = f'is not an id, which is "{prefix}-" and 8 to 40 hexadecimal digits in lower case'
    return NameRule(kind, f"botocore 1.44, efs, {member}", 128, pattern=f"{prefix}-[0-9a-f]{{8,40}}", form=form)


_SERVICES = (
    _ecs("task family", "RegisterTaskDefinitionRequest.family"),
    _ecs("container", "ContainerDefinition.name"),
    _ecs("volume", "Volume.name"),
    _ecs("cluster", "CreateClusterRequest.clusterName"),
    _ecs("service", "CreateServiceRequest.serviceName"),
    NameRule(
        "port mapping", "botocore 1.44, ecs, PortMapping.name", 64,
        allowed="a-z0-9_-", words="lower-case letters, digits, hyphens and underscores", faults=_EDGES[:1],
    ),
    NameRule("role", "botocore 1.44, iam, roleNameType", 64, allowed=_IAM[0], words=_IAM[1]),
    NameRule("policy", "botocore 1.44, iam, policyNameType", 128, allowed=_IAM[0], words=_IAM[1]),
    NameRule(
        "security group", "botocore 1.44, ec2, CreateSecurityGroupRequest.GroupName", 255,
        allowed=_GROUP[0], words=_GROUP[1],
        forbidden_prefixes=(("sg-", "EC2 reserves for group ids"),),
        faults=(
            (r"^[Dd][Ee][Ff][Aa][Uu][Ll][Tt]$", "is the name of the group that every VPC already has"),
            (r"^ | $", "starts or ends with a space, which EC2 cuts off"),
        ),
    ),
    NameRule(
        "security-group description", "botocore 1.44, ec2, CreateSecurityGroupRequest.Description", 255,
        allowed=_GROUP[0], words=_GROUP[1],
    ),
    NameRule(
        "load balancer", "botocore 1.44, elbv2, CreateLoadBalancerInput.Name", 32,
        allowed=_HYPHENATED[0], words=_HYPHENATED[1], faults=_EDGES,
        forbidden_prefixes=(("internal-", "Elastic Load Balancing reserves for internal DNS names"),),
    ),
    NameRule(
        "target group", "botocore 1.44, elbv2, CreateTargetGroupInput.Name", 32,
        allowed=_HYPHENATED[0], words=_HYPHENATED[1], faults=_EDGES,
    ),
    NameRule(
        "health check path", "botocore 1.44, elbv2, Path", 1024,
        allowed="!-~", words="printable ASCII characters other than a space",
        faults=((r"^[^/]", 'does not start with "/"'),),
    ),
    NameRule(
        "ECR repository", "botocore 1.44, ecr, RepositoryName", 256, min=2,
        allowed="a-z0-9._/-", words='lower-case letters, digits, ".", "_", "-" and "/"', pattern=_REPOSITORY,
        form="has a part that does not start and end with a letter or a digit, or two separators in a row",
    ),
    NameRule(
        "log group", "botocore 1.44, logs, LogGroupName", 512,
        allowed=r"A-Za-z0-9._/#-", words='letters, digits, ".", "-", "_", "/" and "#"',
        forbidden_prefixes=(("aws/", "CloudWatch Logs keeps for AWS"),),
    ),
    NameRule(
        # 1011 with the ARN in front; the longest front, of aws-us-gov in us-gov-west-1, has 55.
        "SSM parameter", "botocore 1.44, ssm, PutParameterRequest.Name", 1011 - 55,
        allowed="A-Za-z0-9_./-", words='letters, digits, "_", ".", "-" and "/"',
        forbidden_prefixes=(
            ("aws", "Parameter Store keeps for AWS"), ("/aws", "Parameter Store keeps for AWS"),
            ("ssm", "Parameter Store keeps for itself"), ("/ssm", "Parameter Store keeps for itself"),
        ),
        faults=(
            (r"//|/$", 'has an empty level: a "/" at the end or two in a row'),
            (r"^[^/]+/", 'has levels and does not start with "/"'),
            (r"^(?:/[^/]+){16,}$", "has more than 15 levels"),
        ),
    ),
    NameRule(
        "Secrets Manager secret", "botocore 1.44, secretsmanager, CreateSecretRequest.Name", 512,
        allowed="A-Za-z0-9/_+=.@-", words="letters, digits and /_+=.@-",
        faults=((r"-[A-Za-z0-9]{6}$", "ends with a hyphen and six characters, like the suffix of its ARN"),),
    ),
    NameRule(
        "S3 bucket", "AWS documentation, 'General purpose bucket naming rules'", 63, min=3,
        allowed="a-z0-9.-", words="lower-case letters, digits, hyphens and dots",
        forbidden_prefixes=(
            ("xn--", "S3 reserves"), ("sthree-", "S3 reserves"), ("amzn-s3-demo-", "S3 keeps for examples"),
        ),
        faults=(
            (r"^[.-]|[.-]$", "does not start and end with a letter or a digit"),
            (r"\.\.", "has two dots in a row"),
            (r"^\d+\.\d+\.\d+\.\d+$", "has the form of an IP address"),
            (r"(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$", "ends with a suffix that S3 reserves"),
        ),
    ),
    NameRule(
        "CodeBuild project", "botocore 1.44, codebuild, ProjectName", 150, min=2,
        allowed=_PLAIN[0], words=_PLAIN[1], faults=((r"^[_-]", "does not start with a letter or a digit"),),
    ),
    NameRule(
        "pipeline", "botocore 1.44, codepipeline, PipelineName", 100,
        allowed="A-Za-z0-9.@_-", words='letters, digits, ".", "@", "-" and "_"',
    ),
    NameRule(
        "tag key", "botocore 1.44, ecs, TagKey", 128,
        allowed=_TAG[0], words=_TAG[1], forbidden_prefixes=(("aws:", "AWS reserves"),),
    ),
    NameRule(
        "tag value", "botocore 1.44, ecs, TagValue", 256, min=0,
        allowed=_TAG[0], words=_TAG[1], forbidden_prefixes=(("aws:", "AWS reserves"),),
    ),
)  # fmt: skip

_CONTENTS = (
    NameRule(
        # ECS bounds the task definition only, at 64 KiB; the name must not eat all of it.
        "environment variable", "POSIX.1-2024, 8.1; botocore 1.44, ecs, KeyValuePair.name", 32_768,
        faults=(("=", 'contains "=", which would end the name'), ("\x00", "contains a NUL character")),
    ),
    NameRule(
        "shell variable", "POSIX.1-2024, 3.216 Name: what sh, docker build and CodeBuild take", 32_768,
        allowed="A-Za-z0-9_", words="letters, digits and underscores",
        faults=((r"^\d", "starts with a digit"),),
    ),
    NameRule(
        # ECS: 255 in front of a digest, and a digest has 72 with its "@".
        "image reference", "distribution's reference grammar; botocore 1.44, ecs, ContainerDefinition", 327,
        allowed="A-Za-z0-9._/:@-", words='letters, digits, ".", "_", "-", "/", ":" and "@"',
        faults=((r"^[^@]{256,}", "has more than the 255 characters that ECS takes in front of a digest"),),
        pattern=(
            rf"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d+)?/)?{_REPOSITORY}"
            r"(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?"
        ),
        form="is not [registry/]repository[:tag][@sha256:digest] with the repository in lower case",
    ),
    NameRule(
        "image tag", "distribution's reference grammar, tag", 128,
        allowed="A-Za-z0-9_.-", words='letters, digits, "_", "." and "-"',
        faults=((r"^\.", "starts with a dot"), *_EDGES[:1]),
    ),
    NameRule(
        "image digest", "distribution's reference grammar, digest; only sha256 is known to ECS", 71,
        pattern=r"sha256:[0-9a-f]{64}", form='is not "sha256:" and 64 hexadecimal digits in lower case',
    ),
)  # fmt: skip

_IDENTIFIERS = (
    _efs("EFS file system", "fs", "FileSystemId"),
    _efs("EFS access point", "fsap", "AccessPointId"),
    _ec2("subnet", "subnet"),
    _ec2("VPC", "vpc"),
    _ec2("security group id", "sg"),
    NameRule(
        "ACM certificate ARN", "botocore 1.44, acm, Arn", 2048,
        pattern=_PARTITION + r":acm:[a-z0-9-]+:\d{12}:certificate/[A-Za-z0-9-]+",
        form="is not an ARN of a certificate: arn:aws:acm:<region>:<account>:certificate/<id>",
    ),
    NameRule(
        "IAM role ARN", "botocore 1.44, iam, arnType, pathType and roleNameType", 2048,
        pattern=_PARTITION + r":iam::\d{12}:role/(?:[!-~]+/)?[A-Za-z0-9_+=,.@-]{1,64}",
        form="is not an ARN of a role: arn:aws:iam::<account>:role/<name>",
    ),
    NameRule(
        "account id", "AWS documentation, 'View AWS account identifiers', checked 2026-11-23", 12,
        pattern=r"\d{12}", form="is not 12 digits",
    ),
    NameRule(
        "region", "botocore 1.44, partitions.json, regionRegex", 30,
        pattern=r"[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}", form='is not a region such as "ap-northeast-1"',
    ),
)  # fmt: skip

RULES = (*_SERVICES, *_CONTENTS, *_IDENTIFIERS)
