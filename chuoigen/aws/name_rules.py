"""The rule of each kind of name and identifier that AWS takes, with its source and date."""

from __future__ import annotations

from enum import StrEnum

from chuoigen.record import Record

CHECKED = "2026-11-23"


class Kind(StrEnum):
    """The kinds of names. The value is the id of the kind's noun in the catalogues of chuoigen.aws.names."""

    TASK_FAMILY = "task-family"
    CONTAINER = "container"
    VOLUME = "volume"
    CLUSTER = "cluster"
    SERVICE = "service"
    PORT_MAPPING = "port-mapping"
    ROLE = "role"
    SECURITY_GROUP = "security-group"
    LOAD_BALANCER = "load-balancer"
    TARGET_GROUP = "target-group"
    HEALTH_CHECK_PATH = "health-check-path"
    ECR_REPOSITORY = "ecr-repository"
    LOG_GROUP = "log-group"
    SSM_PARAMETER = "ssm-parameter"
    SECRETS_MANAGER_SECRET = "secrets-manager-secret"  # noqa: S105  a kind of name
    S3_BUCKET = "s3-bucket"
    CODEBUILD_PROJECT = "codebuild-project"
    TAG_KEY = "tag-key"
    TAG_VALUE = "tag-value"
    ENVIRONMENT_VARIABLE = "environment-variable"
    SHELL_VARIABLE = "shell-variable"
    IMAGE_REFERENCE = "image-reference"
    IMAGE_TAG = "image-tag"
    EFS_FILE_SYSTEM = "efs-file-system"
    EFS_ACCESS_POINT = "efs-access-point"
    SUBNET = "subnet"
    VPC = "vpc"
    SECURITY_GROUP_ID = "security-group-id"
    PREFIX_LIST = "prefix-list"
    CERTIFICATE_ARN = "certificate-arn"
    KMS_KEY_ARN = "kms-key-arn"
    IAM_ROLE_ARN = "iam-role-arn"
    DNS_NAMESPACE = "dns-namespace"
    DISCOVERY_SERVICE = "discovery-service"
    CONNECT_NAME = "connect-name"
    CONNECT_ALIAS = "connect-alias"
    ACCOUNT_ID = "account-id"
    REGION = "region"


class NameRule(Record):
    """What one kind of name may look like; lengths are in characters, expressions are Python's.

    Every word is the id of a text in the catalogues of chuoigen.aws.names.
    """

    kind: Kind
    source: str
    max: int
    min: int = 1
    allowed: tuple[str, str] = ("", "")
    """The characters, as they stand inside a character class, and the id of the same in words; any when empty."""
    reserved: tuple[tuple[str, str], ...] = ()
    """Beginnings that are refused in any case, each with the id that says who keeps them."""
    faults: tuple[tuple[str, str], ...] = ()
    """Expressions that must not be found in the name, each with the id that says what is wrong when one is."""
    pattern: str = ""
    """What the whole name must match, where characters and faults do not say it; the kind's id says the form."""
    checked: str = CHECKED


_PLAIN = ("A-Za-z0-9_-", "plain")
_HYPHENATED = ("A-Za-z0-9-", "hyphenated")
_GROUP = (r"A-Za-z0-9 ._:/()#,@\[\]+=&;{}!$*-", "group")
_IAM = ("A-Za-z0-9_+=,.@-", "iam")
# Letters, digits (and the underscore) of Unicode, and its separators: \p{L}, \p{N} and \p{Z} of the model.
_TAG = (
    r"\w \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000.:/=+@-",
    "tag",
)
_EDGES = ((r"^-", "first-hyphen"), (r"-$", "last-hyphen"))
_REPOSITORY = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*"
_PARTITION = "arn:aws(?:-[a-z]+)*"


def _ecs(kind: Kind, member: str) -> NameRule:
    return NameRule(kind, f"botocore 1.44, ecs, {member}", 255, allowed=_PLAIN)


def _ec2(kind: Kind, prefix: str) -> NameRule:
    source = "AWS documentation, 'Resource IDs', Amazon EC2 user guide"
    return NameRule(kind, source, 64, pattern=f"{prefix}-(?:[0-9a-f]{{8}}|[0-9a-f]{{17}})")


def _efs(kind: Kind, prefix: str, member: str) -> NameRule:
    return NameRule(kind, f"botocore 1.44, efs, {member}", 128, pattern=f"{prefix}-[0-9a-f]{{8,40}}")


_SERVICES = (
    _ecs(Kind.TASK_FAMILY, "RegisterTaskDefinitionRequest.family"),
    _ecs(Kind.CONTAINER, "ContainerDefinition.name"),
    _ecs(Kind.VOLUME, "Volume.name"),
    _ecs(Kind.CLUSTER, "CreateClusterRequest.clusterName"),
    _ecs(Kind.SERVICE, "CreateServiceRequest.serviceName"),
    NameRule(
        Kind.PORT_MAPPING, "botocore 1.44, ecs, PortMapping.name", 64,
        allowed=("a-z0-9_-", "lower-plain"), faults=_EDGES[:1],
    ),
    NameRule(Kind.ROLE, "botocore 1.44, iam, roleNameType", 64, allowed=_IAM),
    NameRule(
        Kind.SECURITY_GROUP, "botocore 1.44, ec2, CreateSecurityGroupRequest.GroupName", 255,
        allowed=_GROUP,
        reserved=(("sg-", "group-ids"),),
        faults=(
            (r"^[Dd][Ee][Ff][Aa][Uu][Ll][Tt]$", "default-group"),
            (r"^ | $", "outer-space"),
        ),
    ),
    NameRule(
        Kind.LOAD_BALANCER, "botocore 1.44, elbv2, CreateLoadBalancerInput.Name", 32,
        allowed=_HYPHENATED, faults=_EDGES,
        reserved=(("internal-", "internal-names"),),
    ),
    NameRule(
        Kind.TARGET_GROUP, "botocore 1.44, elbv2, CreateTargetGroupInput.Name", 32,
        allowed=_HYPHENATED, faults=_EDGES,
    ),
    NameRule(
        Kind.HEALTH_CHECK_PATH, "botocore 1.44, elbv2, Path", 1024,
        allowed=("!-~", "printable"),
        faults=((r"^[^/]", "no-first-slash"),),
    ),
    NameRule(
        Kind.ECR_REPOSITORY, "botocore 1.44, ecr, RepositoryName", 256, min=2,
        allowed=("a-z0-9._/-", "repository"), pattern=_REPOSITORY,
    ),
    NameRule(
        Kind.LOG_GROUP, "botocore 1.44, logs, LogGroupName", 512,
        allowed=("A-Za-z0-9._/#-", "log-group"),
        reserved=(("aws/", "logs-aws"),),
    ),
    NameRule(
        # 1011 with the ARN in front; the longest front, of aws-us-gov in us-gov-west-1, has 55.
        Kind.SSM_PARAMETER, "botocore 1.44, ssm, PutParameterRequest.Name", 1011 - 55,
        allowed=("A-Za-z0-9_./-", "parameter"),
        reserved=(
            ("aws", "ssm-aws"), ("/aws", "ssm-aws"),
            ("ssm", "ssm-itself"), ("/ssm", "ssm-itself"),
        ),
        faults=(
            (r"//|/$", "empty-level"),
            (r"^[^/]+/", "levels-without-slash"),
            (r"^(?:/[^/]+){16,}$", "too-many-levels"),
        ),
    ),
    NameRule(
        Kind.SECRETS_MANAGER_SECRET, "botocore 1.44, secretsmanager, CreateSecretRequest.Name", 512,
        allowed=("A-Za-z0-9/_+=.@-", "secret"),
        faults=((r"-[A-Za-z0-9]{6}$", "secret-suffix"),),
    ),
    NameRule(
        Kind.S3_BUCKET, "AWS documentation, 'General purpose bucket naming rules'", 63, min=3,
        allowed=("a-z0-9.-", "bucket"),
        reserved=(
            ("xn--", "s3"), ("sthree-", "s3"), ("amzn-s3-demo-", "s3-examples"),
        ),
        faults=(
            (r"^[.-]|[.-]$", "bucket-edges"),
            (r"\.\.", "two-dots"),
            (r"^\d+\.\d+\.\d+\.\d+$", "ip-address"),
            (r"(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$", "s3-suffix"),
        ),
    ),
    NameRule(
        # Cloud Map takes more; with other characters nobody could ask for the name.
        Kind.DNS_NAMESPACE, "botocore 1.44, servicediscovery, NamespaceNamePrivate; RFC 1123, 2.1", 253,
        allowed=("A-Za-z0-9.-", "dns"),
        pattern=r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?",
    ),
    NameRule(
        Kind.DISCOVERY_SERVICE, "botocore 1.44, servicediscovery, ServiceName", 127,
        allowed=("A-Za-z0-9._-", "dns-service"),
        pattern=r"(?:[A-Za-z0-9_][A-Za-z0-9_-]{0,61}[A-Za-z0-9_]|[A-Za-z0-9])"
        r"(?:\.(?:[A-Za-z0-9_][A-Za-z0-9_-]{0,61}[A-Za-z0-9_]|[A-Za-z0-9]))*",
    ),
    NameRule(
        Kind.CONNECT_NAME, "botocore 1.44, ecs, ServiceConnectService.discoveryName", 64,
        allowed=("a-z0-9_-", "lower-plain"), faults=_EDGES[:1],
    ),
    NameRule(
        Kind.CONNECT_ALIAS, "botocore 1.44, ecs, ServiceConnectClientAlias.dnsName", 127,
        allowed=("a-z0-9._-", "lower-dns"), faults=_EDGES[:1],
    ),
    NameRule(
        Kind.CODEBUILD_PROJECT, "botocore 1.44, codebuild, ProjectName", 150, min=2,
        allowed=_PLAIN, faults=((r"^[_-]", "first-letter"),),
    ),
    NameRule(
        Kind.TAG_KEY, "botocore 1.44, ecs, TagKey", 128,
        allowed=_TAG, reserved=(("aws:", "aws"),),
    ),
    NameRule(
        Kind.TAG_VALUE, "botocore 1.44, ecs, TagValue", 256, min=0,
        allowed=_TAG, reserved=(("aws:", "aws"),),
    ),
)  # fmt: skip

_CONTENTS = (
    NameRule(
        # ECS bounds the task definition only, at 64 KiB; the name must not eat all of it.
        Kind.ENVIRONMENT_VARIABLE, "POSIX.1-2024, 8.1; botocore 1.44, ecs, KeyValuePair.name", 32_768,
        faults=(("=", "equals-sign"), ("\x00", "nul"), ("[\t\n\r\x85\u2028\u2029]", "line-end")),
    ),
    NameRule(
        Kind.SHELL_VARIABLE, "POSIX.1-2024, 3.216 Name: what sh, docker build and CodeBuild take", 32_768,
        allowed=("A-Za-z0-9_", "variable"),
        faults=((r"^\d", "first-digit"),),
    ),
    NameRule(
        # ECS: 255 in front of a digest, and a digest has 72 with its "@".
        Kind.IMAGE_REFERENCE, "distribution's reference grammar; botocore 1.44, ecs, ContainerDefinition", 327,
        allowed=("A-Za-z0-9._/:@-", "image"),
        faults=((r"^[^@]{256,}", "image-too-long"),),
        pattern=(
            rf"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d+)?/)?{_REPOSITORY}"
            r"(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?"
        ),
    ),
    NameRule(
        Kind.IMAGE_TAG, "distribution's reference grammar, tag", 128,
        allowed=("A-Za-z0-9_.-", "image-tag"),
        faults=((r"^\.", "first-dot"), *_EDGES[:1]),
    ),
)  # fmt: skip

_IDENTIFIERS = (
    _efs(Kind.EFS_FILE_SYSTEM, "fs", "FileSystemId"),
    _efs(Kind.EFS_ACCESS_POINT, "fsap", "AccessPointId"),
    _ec2(Kind.SUBNET, "subnet"),
    _ec2(Kind.VPC, "vpc"),
    _ec2(Kind.SECURITY_GROUP_ID, "sg"),
    _ec2(Kind.PREFIX_LIST, "pl"),
    NameRule(
        # A certificate of ACM, or a server certificate of IAM, which a listener takes as well.
        Kind.CERTIFICATE_ARN, "botocore 1.44, acm, Arn; iam, pathType and serverCertificateNameType", 2048,
        pattern=_PARTITION + r":(?:acm:[a-z0-9-]+:\d{12}:certificate/[A-Za-z0-9-]+"
        r"|iam::\d{12}:server-certificate/(?:[!-~]+/)?[A-Za-z0-9_+=,.@-]{1,128})",
    ),
    NameRule(
        Kind.KMS_KEY_ARN, "botocore 1.44, kms, KeyIdType; IAM grants by the ARN of a key, not of its alias", 2048,
        pattern=_PARTITION + r":kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+",
    ),
    NameRule(
        Kind.IAM_ROLE_ARN, "botocore 1.44, iam, arnType, pathType and roleNameType", 2048,
        pattern=_PARTITION + r":iam::\d{12}:role/(?:[!-~]+/)?[A-Za-z0-9_+=,.@-]{1,64}",
    ),
    NameRule(
        Kind.ACCOUNT_ID, "AWS documentation, 'View AWS account identifiers'", 12,
        pattern=r"\d{12}",
    ),
    NameRule(
        Kind.REGION, "botocore 1.44, partitions.json, regionRegex", 30,
        pattern=r"[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}",
    ),
)  # fmt: skip

RULES = (*_SERVICES, *_CONTENTS, *_IDENTIFIERS)
