"""The facts of chuoigen/aws against values written down by hand from their sources."""

from __future__ import annotations

import pytest

from chuoigen.aws import arn, limits, refused, sizing, vocabulary
from chuoigen.aws.names import AWS_NAMES, Kind, noun, violation
from chuoigen.messages import ENGLISH, Reader


@pytest.mark.parametrize(
    ("cpu", "memory"),
    [
        (256, (512, 1024, 2048)),
        (512, (1024, 2048, 3072, 4096)),
        (1024, (2048, 3072, 4096, 5120, 6144, 7168, 8192)),
        (2048, (4096, 5120, 6144, 7168, 8192, 9216, 10240, 11264, 12288, 13312, 14336, 15360, 16384)),
        (
            4096,
            (
                8192,
                9216,
                10240,
                11264,
                12288,
                13312,
                14336,
                15360,
                16384,
                17408,
                18432,
                19456,
                20480,
                21504,
                22528,
                23552,
                24576,
                25600,
                26624,
                27648,
                28672,
                29696,
                30720,
            ),
        ),
        (8192, (16384, 20480, 24576, 28672, 32768, 36864, 40960, 45056, 49152, 53248, 57344, 61440)),
        (16384, (32768, 40960, 49152, 57344, 65536, 73728, 81920, 90112, 98304, 106496, 114688, 122880)),
        (32768, (61440, 122880, 249856)),
    ],
)
def test_each_cpu_has_its_row_of_memories(cpu: int, memory: tuple[int, ...]) -> None:
    assert sizing.memories(cpu) == memory


def test_there_are_eight_sizes_of_cpu_and_no_others() -> None:
    assert list(sizing.SIZES) == [256, 512, 1024, 2048, 4096, 8192, 16384, 32768]
    assert sizing.memories(300) == ()


@pytest.mark.parametrize(
    ("cpu", "memory", "admitted"),
    [
        (256, 512, True),
        (256, 4096, False),
        (512, 1536, False),
        (4096, 31744, False),
        (32768, 249856, True),
        (32768, 65536, False),
    ],
)
def test_pairs(cpu: int, memory: int, admitted: bool) -> None:
    assert sizing.admits(cpu, memory) is admitted


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ((256, 512), (256, 512)),
        ((256, 600), (256, 1024)),
        ((256, 4096), (512, 4096)),
        ((300, 512), (512, 1024)),
        ((4096, 31744), (8192, 32768)),
        ((1, 1), (256, 512)),
        ((16384, 122881), (32768, 249856)),
        ((65536, 512), (32768, 249856)),
        ((256, 300000), (32768, 249856)),
    ],
)
def test_the_nearest_size_is_at_least_what_was_asked(asked: tuple[int, int], offered: tuple[int, int]) -> None:
    assert sizing.nearest(*asked) == offered


@pytest.mark.parametrize(
    ("limit", "lowest", "highest", "words"),
    [
        (limits.STOP_TIMEOUT_S, 2, 120, "2 to 120 seconds"),
        (limits.START_TIMEOUT_S, 2, 120, "2 to 120 seconds"),
        (limits.HEALTH_INTERVAL_S, 5, 300, "5 to 300 seconds"),
        (limits.HEALTH_TIMEOUT_S, 2, 60, "2 to 60 seconds"),
        (limits.HEALTH_RETRIES, 1, 10, "1 to 10"),
        (limits.HEALTH_START_PERIOD_S, 0, 300, "0 to 300 seconds"),
        (limits.RESTART_PERIOD_S, 60, 1800, "60 to 1800 seconds"),
        (limits.PORT, 1, 65535, "1 to 65535"),
        (limits.NOFILE, 0, 1048576, "0 to 1048576 open files"),
        (limits.MIN_PERCENT, 0, 100, "0 to 100 percent"),
        (limits.ALB_IDLE_TIMEOUT_S, 1, 4000, "1 to 4000 seconds"),
        (limits.DEREGISTRATION_DELAY_S, 0, 3600, "0 to 3600 seconds"),
        (limits.TARGET_HEALTH_INTERVAL_S, 5, 300, "5 to 300 seconds"),
        (limits.TARGET_HEALTH_TIMEOUT_S, 2, 120, "2 to 120 seconds"),
        (limits.TARGET_HEALTH_THRESHOLD, 2, 10, "2 to 10"),
        (limits.MATCHER_CODE, 200, 499, "200 to 499"),
        (sizing.EPHEMERAL_STORAGE_GIB, 21, 200, "21 to 200 GiB"),
        (limits.EBS_SIZES_GIB["st1"], 125, 16384, "125 to 16384 GiB"),
        (limits.EBS_IOPS["gp3"], 3000, 16000, "3000 to 16000 IOPS"),
    ],
)
def test_borders(limit: limits.Limit, lowest: int, highest: int, words: str) -> None:
    assert not limit.admits(lowest - 1)
    assert limit.admits(lowest)
    assert limit.admits(highest)
    assert not limit.admits(highest + 1)
    assert ENGLISH.text(limit.range) == words
    assert limit.source


def test_a_range_without_an_upper_end_says_so() -> None:
    assert ENGLISH.text(limits.MAX_PERCENT.range) == "at least 100 percent"
    assert limits.MAX_PERCENT.admits(200)
    assert not limits.MAX_PERCENT.admits(99)


def test_numbers_that_stand_alone() -> None:
    assert limits.CONTAINERS_MAX == 10
    assert limits.ENV_FILES_MAX == 10
    assert limits.TASK_DEFINITION_BYTES_MAX == 65536
    assert limits.SUBNETS_MAX == 16
    assert limits.GROUPS_PER_INTERFACE_MAX == 5
    assert limits.REDIS_MAX_CLIENTS == 65000
    assert limits.TAGS_MAX == 50
    assert sizing.CONTAINER_MEMORY_MIN_MIB == 6


def test_vocabulary_of_fargate() -> None:
    assert vocabulary.LOG_DRIVERS == ("awslogs", "splunk", "awsfirelens")
    assert vocabulary.CAPABILITIES_ADDABLE == ("SYS_PTRACE",)
    assert len(vocabulary.CAPABILITIES) == 38
    assert set(vocabulary.CONDITIONS.values()) == {"START", "COMPLETE", "SUCCESS", "HEALTHY"}
    assert vocabulary.ARCHITECTURES == {"linux/amd64": "X86_64", "linux/arm64": "ARM64"}
    assert vocabulary.PLATFORM_VERSIONS == ("1.4.0", "LATEST")
    assert 30 in vocabulary.RETENTION_DAYS
    assert 31 not in vocabulary.RETENTION_DAYS
    assert len(vocabulary.RETENTION_DAYS) == 22
    assert "standard" not in vocabulary.EBS_VOLUME_TYPES
    assert set(vocabulary.TMPFS_VALUED_OPTIONS) < set(vocabulary.TMPFS_OPTIONS)
    assert len(vocabulary.TMPFS_OPTIONS) == 39
    assert len(vocabulary.ULIMITS) == 15


GOOD = [
    (Kind.TASK_FAMILY, "chuoi"),
    (Kind.TASK_FAMILY, "a" * 255),
    (Kind.CONTAINER, "app_1-b"),
    (Kind.VOLUME, "app-log"),
    (Kind.CLUSTER, "chuoi"),
    (Kind.SERVICE, "chuoi-qa-service"),
    (Kind.PORT_MAPPING, "http_1-b"),
    (Kind.ROLE, "ecs-task+role=,.@x"),
    (Kind.SECURITY_GROUP, "ecs-service"),
    (Kind.SECURITY_GROUP, "my group (web) sg-1"),
    (Kind.LOAD_BALANCER, "a" * 32),
    (Kind.TARGET_GROUP, "chuoi-qa-web"),
    (Kind.HEALTH_CHECK_PATH, "/system/healthcheck?deep=1"),
    (Kind.ECR_REPOSITORY, "chuoi/qa__app-1.0"),
    (Kind.LOG_GROUP, "/chuoi/ecs/tasks/app"),
    (Kind.SSM_PARAMETER, "/chuoi/qa/secret-key-base"),
    (Kind.SSM_PARAMETER, "secret.key_base"),
    (Kind.SSM_PARAMETER, "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o"),
    (Kind.SECRETS_MANAGER_SECRET, "chuoi/qa/db+user=x@y"),
    (Kind.S3_BUCKET, "hogehoge-log-bucket"),
    (Kind.S3_BUCKET, "a.b-c"),
    (Kind.S3_BUCKET, "a" * 63),
    (Kind.CODEBUILD_PROJECT, "chuoi-qa"),
    (Kind.DNS_NAMESPACE, "local"),
    (Kind.DNS_NAMESPACE, "qa.shop.internal"),
    (Kind.DISCOVERY_SERVICE, "_web._tcp"),
    (Kind.DISCOVERY_SERVICE, "shop-qa"),
    (Kind.CONNECT_NAME, "web_api-2"),
    (Kind.CONNECT_ALIAS, "api.shop"),
    (Kind.ENVIRONMENT_VARIABLE, "REDIS.HOST-1"),
    (Kind.SHELL_VARIABLE, "_REDIS_HOST1"),
    (Kind.TAG_KEY, "チーム 名:a/b=c+d-e@f"),
    (Kind.TAG_VALUE, ""),
    (Kind.IMAGE_REFERENCE, "nginx"),
    (Kind.IMAGE_REFERENCE, "nginx:1.30.5-alpine3.24"),
    (Kind.IMAGE_REFERENCE, "localhost:5000/a/b:x"),
    (Kind.IMAGE_REFERENCE, "999999999999.dkr.ecr.ap-northeast-1.amazonaws.com/app:latest"),
    (Kind.IMAGE_REFERENCE, "alpine:3.7@sha256:" + "0" * 64),
    (Kind.IMAGE_TAG, "_v1.0-rc.1"),
    (Kind.EFS_FILE_SYSTEM, "fs-0123abcd"),
    (Kind.EFS_ACCESS_POINT, "fsap-0123456789abcdef0"),
    (Kind.SUBNET, "subnet-0a00000000000000a"),
    (Kind.VPC, "vpc-0a1b2c3d"),
    (Kind.SECURITY_GROUP_ID, "sg-0f00000000000000f"),
    (Kind.PREFIX_LIST, "pl-63a5400a"),
    (
        Kind.CERTIFICATE_ARN,
        "arn:aws:acm:ap-northeast-1:999999999999:certificate/12345678-1234-1234-1234-123456789012",
    ),
    (Kind.CERTIFICATE_ARN, "arn:aws-cn:acm:cn-north-1:999999999999:certificate/12345678"),
    (Kind.CERTIFICATE_ARN, "arn:aws:iam::999999999999:server-certificate/shop"),
    (Kind.CERTIFICATE_ARN, "arn:aws-us-gov:iam::999999999999:server-certificate/cloudfront/x/shop.example.com"),
    (Kind.KMS_KEY_ARN, "arn:aws:kms:eu-west-1:999999999999:key/11111111-2222-3333-4444-555555555555"),
    (Kind.KMS_KEY_ARN, "arn:aws:kms:eu-west-1:999999999999:key/mrk-1234abcd12ab34cd56ef1234567890ab"),
    (Kind.IAM_ROLE_ARN, "arn:aws:iam::999999999999:role/task-role"),
    (Kind.IAM_ROLE_ARN, "arn:aws-us-gov:iam::999999999999:role/service/x/task-role"),
    (Kind.ACCOUNT_ID, "012345678901"),
    (Kind.REGION, "ap-northeast-1"),
    (Kind.REGION, "us-gov-west-1"),
    (Kind.REGION, "mx-central-1"),
]

BAD = [
    (Kind.TASK_FAMILY, "", "is empty"),
    (Kind.TASK_FAMILY, "chuoi.qa", 'contains ".", allowed are letters, digits, hyphens and underscores'),
    (Kind.TASK_FAMILY, "a" * 256, "is 256 characters long, at most 255 are allowed"),
    (Kind.CONTAINER, "a b/c", 'contains a space and "/", allowed are letters, digits, hyphens and underscores'),
    (Kind.CONTAINER, "../app", 'contains "." and "/", allowed are letters, digits, hyphens and underscores'),
    (
        Kind.VOLUME,
        "ボリューム",
        'contains "ボ", "リ" and "ュ", allowed are letters, digits, hyphens and underscores',
    ),
    (Kind.CLUSTER, "a\x00b", "contains U+0000, allowed are letters, digits, hyphens and underscores"),
    (Kind.SERVICE, 'a"b', "contains U+0022, allowed are letters, digits, hyphens and underscores"),
    (
        Kind.PORT_MAPPING,
        "HTTP",
        'contains "H", "T" and "P", allowed are lower-case letters, digits, hyphens and underscores',
    ),
    (Kind.PORT_MAPPING, "-http", "starts with a hyphen"),
    (Kind.PORT_MAPPING, "a" * 65, "is 65 characters long, at most 64 are allowed"),
    (Kind.ROLE, "path/role", 'contains "/", allowed are letters, digits and _+=,.@-'),
    (Kind.ROLE, "r" * 65, "is 65 characters long, at most 64 are allowed"),
    (Kind.SECURITY_GROUP, "sg-redis", 'starts with "sg-", which EC2 reserves for group ids'),
    (Kind.SECURITY_GROUP, "SG-redis", 'starts with "SG-", which EC2 reserves for group ids'),
    (Kind.SECURITY_GROUP, "Default", "is the name of the group that every VPC already has"),
    (Kind.SECURITY_GROUP, "web ", "starts or ends with a space, which EC2 removes"),
    (
        Kind.SECURITY_GROUP,
        "it's",
        'contains "\'", allowed are ASCII letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*',
    ),
    (Kind.LOAD_BALANCER, "a" * 40, "is 40 characters long, at most 32 are allowed"),
    (Kind.LOAD_BALANCER, "chuoi_qa", 'contains "_", allowed are letters, digits and hyphens'),
    (
        Kind.LOAD_BALANCER,
        "internal-chuoi",
        'starts with "internal-", which Elastic Load Balancing reserves for internal DNS names',
    ),
    (Kind.LOAD_BALANCER, "chuoi-", "ends with a hyphen"),
    (Kind.TARGET_GROUP, "-chuoi", "starts with a hyphen"),
    (Kind.TARGET_GROUP, "a" * 33, "is 33 characters long, at most 32 are allowed"),
    (Kind.HEALTH_CHECK_PATH, "health", 'does not start with "/"'),
    (
        Kind.HEALTH_CHECK_PATH,
        "/a b",
        "contains a space, allowed are printable ASCII characters other than a space",
    ),
    (Kind.ECR_REPOSITORY, "App", 'contains "A", allowed are lower-case letters, digits, ".", "_", "-" and "/"'),
    (Kind.ECR_REPOSITORY, "a", "is only 1 character long, at least 2 are needed"),
    (
        Kind.ECR_REPOSITORY,
        "a//b",
        "has a part that does not start and end with a letter or a digit, or two separators in a row",
    ),
    (
        Kind.ECR_REPOSITORY,
        "-ab",
        "has a part that does not start and end with a letter or a digit, or two separators in a row",
    ),
    (
        Kind.LOG_GROUP,
        "/a/{container}",
        'contains "{" and "}", allowed are letters, digits, ".", "-", "_", "/" and "#"',
    ),
    (Kind.LOG_GROUP, "aws/x", 'starts with "aws/", which CloudWatch Logs reserves for AWS'),
    (Kind.SSM_PARAMETER, "/aws/x", 'starts with "/aws", which Parameter Store reserves for AWS'),
    (Kind.SSM_PARAMETER, "ssmx", 'starts with "ssm", which Parameter Store reserves for itself'),
    (Kind.SSM_PARAMETER, "a/b", 'has levels and does not start with "/"'),
    (Kind.SSM_PARAMETER, "/a//b", 'has an empty level: a "/" at the end or two in a row'),
    (Kind.SSM_PARAMETER, "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p", "has more than 15 levels"),
    (Kind.SSM_PARAMETER, "/" + "x" * 956, "is 957 characters long, at most 956 are allowed"),
    (
        Kind.SECRETS_MANAGER_SECRET,
        "chuoi-secret",
        "ends with a hyphen and six characters, like the suffix of its ARN",
    ),
    (Kind.S3_BUCKET, "ab", "is only 2 characters long, at least 3 are needed"),
    (Kind.S3_BUCKET, "My-bucket", 'contains "M", allowed are lower-case letters, digits, hyphens and dots'),
    (Kind.S3_BUCKET, "a" * 64, "is 64 characters long, at most 63 are allowed"),
    (Kind.S3_BUCKET, "a..b", "has two dots in a row"),
    (Kind.S3_BUCKET, "192.168.5.4", "has the form of an IP address"),
    (Kind.S3_BUCKET, "-bucket", "does not start and end with a letter or a digit"),
    (Kind.S3_BUCKET, "xn--bucket", 'starts with "xn--", which S3 reserves'),
    (Kind.S3_BUCKET, "bucket-s3alias", "ends with a suffix that S3 reserves"),
    (Kind.CONNECT_NAME, "-web", "starts with a hyphen"),
    (Kind.CONNECT_ALIAS, "-api.shop", "starts with a hyphen"),
    (Kind.DNS_NAMESPACE, "shop_qa.internal", 'contains "_", allowed are letters, digits, hyphens and dots'),
    (
        Kind.DNS_NAMESPACE,
        "shop..internal",
        "has a part between dots that is not 1 to 63 letters, digits and inner hyphens",
    ),
    (
        Kind.DNS_NAMESPACE,
        f"{'a' * 64}.internal",
        "has a part between dots that is not 1 to 63 letters, digits and inner hyphens",
    ),
    (
        Kind.DISCOVERY_SERVICE,
        "shop-",
        "has a part between dots that is not 1 to 63 letters, digits, underscores and inner hyphens",
    ),
    (Kind.CODEBUILD_PROJECT, "-chuoi", "does not start with a letter or a digit"),
    (Kind.ENVIRONMENT_VARIABLE, "A=B", 'contains "=", which would end the name'),
    (Kind.ENVIRONMENT_VARIABLE, "", "is empty"),
    (Kind.ENVIRONMENT_VARIABLE, "A\tB", "contains a line end or a tab"),
    (Kind.SHELL_VARIABLE, "1A", "starts with a digit"),
    (Kind.SHELL_VARIABLE, "REDIS-HOST", 'contains "-", allowed are letters, digits and underscores'),
    (Kind.TAG_KEY, "AWS:x", 'starts with "AWS:", which AWS reserves'),
    (Kind.TAG_KEY, "a<b>", 'contains "<" and ">", allowed are letters, digits, spaces and + - = . _ : / @'),
    (Kind.TAG_VALUE, "a" * 257, "is 257 characters long, at most 256 are allowed"),
    (
        Kind.IMAGE_REFERENCE,
        "a/B",
        "is not [registry/]repository[:tag][@sha256:digest] with the repository in lower case",
    ),
    (
        Kind.IMAGE_REFERENCE,
        "nginx:",
        "is not [registry/]repository[:tag][@sha256:digest] with the repository in lower case",
    ),
    (Kind.IMAGE_REFERENCE, "a" * 256, "has more than the 255 characters that ECS takes before a digest"),
    (
        Kind.IMAGE_REFERENCE,
        "nginx:${TAG}",
        'contains "$", "{" and "}", allowed are letters, digits, ".", "_", "-", "/", ":" and "@"',
    ),
    (Kind.IMAGE_TAG, ".x", "starts with a dot"),
    (Kind.IMAGE_TAG, "a/b", 'contains "/", allowed are letters, digits, "_", "." and "-"'),
    (
        Kind.EFS_FILE_SYSTEM,
        "fs-xyz",
        'is not an id, which is "fs-" and 8 to 40 hexadecimal digits in lower case',
    ),
    (
        Kind.EFS_ACCESS_POINT,
        "fs-0123abcd",
        'is not an id, which is "fsap-" and 8 to 40 hexadecimal digits in lower case',
    ),
    (Kind.SUBNET, "subnet-0a", 'is not an id, which is "subnet-" and 8 or 17 hexadecimal digits in lower case'),
    (Kind.VPC, "vpc_0a1b2c3d", 'is not an id, which is "vpc-" and 8 or 17 hexadecimal digits in lower case'),
    (Kind.PREFIX_LIST, "pl-office", 'is not an id, which is "pl-" and 8 or 17 hexadecimal digits in lower case'),
    (
        Kind.SECURITY_GROUP_ID,
        "redis",
        'is not an id, which is "sg-" and 8 or 17 hexadecimal digits in lower case',
    ),
    (
        Kind.CERTIFICATE_ARN,
        "arn:aws:acm:x",
        (
            "is not an ARN of a certificate: arn:aws:acm:<region>:<account>:certificate/<id>"
            " or arn:aws:iam::<account>:server-certificate/<name>"
        ),
    ),
    (
        Kind.KMS_KEY_ARN,
        "arn:aws:kms:eu-west-1:999999999999:alias/shop",
        "is not the ARN of a key: arn:aws:kms:<region>:<account>:key/<id>",
    ),
    (
        Kind.IAM_ROLE_ARN,
        "arn:aws:iam:ap-northeast-1:999999999999:role/x",
        "is not an ARN of a role: arn:aws:iam::<account>:role/<name>",
    ),
    (Kind.ACCOUNT_ID, "1234", "is not 12 digits"),
    (Kind.ACCOUNT_ID, "١٢٣٤٥٦٧٨٩٠١٢", "is not 12 digits"),  # digits, though not of ASCII
    (Kind.REGION, "tokyo", 'is not a region such as "ap-northeast-1"'),
]


@pytest.mark.parametrize(("kind", "name"), GOOD)
def test_good_names(kind: Kind, name: str) -> None:
    assert violation(kind, name) is None


@pytest.mark.parametrize(("kind", "name", "words"), BAD)
def test_bad_names(kind: Kind, name: str, words: str) -> None:
    found = violation(kind, name)
    assert found is not None
    assert ENGLISH.text(found) == words


def test_every_kind_of_name_is_tried_both_ways() -> None:
    assert set(AWS_NAMES) == set(Kind)
    assert {kind for kind, _ in GOOD} == set(AWS_NAMES)
    assert {kind for kind, _, _ in BAD} == set(AWS_NAMES)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_name_has_a_noun(kind: Kind) -> None:
    assert ENGLISH.text(noun(kind))
    assert Reader("ja").text(noun(kind))


# RegisterTaskDefinition: the parameters that ECS refuses on Fargate in any form, each once, without their members.
REFUSED_BY_FARGATE = {
    "containerDefinitions[].links",
    "containerDefinitions[].linuxParameters.devices",
    "containerDefinitions[].linuxParameters.sharedMemorySize",
    "containerDefinitions[].linuxParameters.maxSwap",
    "containerDefinitions[].linuxParameters.swappiness",
    "containerDefinitions[].hostname",
    "containerDefinitions[].disableNetworking",
    "containerDefinitions[].dnsServers",
    "containerDefinitions[].dnsSearchDomains",
    "containerDefinitions[].extraHosts",
    "containerDefinitions[].dockerSecurityOptions",
    "containerDefinitions[].resourceRequirements",
    "containerDefinitions[].privileged",
    "volumes[].host.sourcePath",
    "volumes[].dockerVolumeConfiguration",
    "volumes[].fsxWindowsFileServerVolumeConfiguration",
    "placementConstraints",
    "ipcMode",
    "inferenceAccelerators",
}


def test_every_parameter_that_fargate_refuses_has_a_refusal() -> None:
    tables = (refused.REFUSED_CONTAINER, refused.REFUSED_TASK, refused.REFUSED_VOLUME)
    covered = {refusal.ecs_parameter for table in tables for refusal in table.values()}
    assert covered >= REFUSED_BY_FARGATE


def test_what_fargate_takes_is_not_refused() -> None:
    taken = {
        "ulimits",
        "sysctls",
        "tmpfs",
        "read_only",
        "user",
        "init",
        "working_dir",
        "secrets",
        "restart",
        "labels",
    }
    assert not taken & set(refused.REFUSED_CONTAINER)


@pytest.mark.parametrize("table", [refused.REFUSED_CONTAINER, refused.REFUSED_TASK, refused.REFUSED_VOLUME])
def test_a_refusal_says_why_and_what_to_do(table: dict[str, refused.Refusal]) -> None:
    for key, refusal in table.items():
        why, instead = ENGLISH.text(refusal.message), ENGLISH.help(refusal.message)
        assert why, key
        assert instead, key
        assert not why.endswith("."), key
        assert not instead.endswith("."), key


def test_values_that_ask_for_nothing_are_taken() -> None:
    assert refused.REFUSED_CONTAINER["privileged"].allowed == (False,)
    assert refused.REFUSED_TASK["network_mode"].allowed == ("awsvpc",)
    assert refused.REFUSED_VOLUME["host"].allowed == ({}, None)


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [
        ("ap-northeast-1", "aws", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
        ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
        ("us-iso-east-1", "aws-iso", "c2s.ic.gov"),
        ("cn-south-9", "aws-cn", "amazonaws.com.cn"),  # not listed yet
        ("xx-nowhere-1", "aws", "amazonaws.com"),
    ],
)
def test_partitions(region: str, partition: str, suffix: str) -> None:
    assert arn.partition(region) == partition
    assert arn.dns_suffix(region) == suffix
    assert arn.ecr_registry("999999999999", region) == f"999999999999.dkr.ecr.{region}.{suffix}"


def test_arns() -> None:
    account, region = "999999999999", "ap-northeast-1"
    parameter = "arn:aws:ssm:ap-northeast-1:999999999999:parameter/chuoi/qa/key"
    assert arn.parameter_arn(account, region, "/chuoi/qa/key") == parameter
    assert arn.parameter_arn(account, region, "key") == "arn:aws:ssm:ap-northeast-1:999999999999:parameter/key"
    secret = "arn:aws:secretsmanager:ap-northeast-1:999999999999:secret:chuoi/db"
    assert arn.secret_arn(account, region, "chuoi/db") == secret
    assert arn.secret_resource(account, region, "chuoi/db") == f"{secret}-??????"
    assert arn.secret_resource(account, region, secret) == f"{secret}-??????"
    assert arn.secret_resource(account, region, f"{secret}-AbCdEf") == f"{secret}-AbCdEf"
    assert arn.secret_resource(account, region, f"{secret}-AbCdEf:key::") == f"{secret}-AbCdEf"
    assert arn.secret_resource(account, region, f"{secret}:key::") == f"{secret}-??????"
    assert arn.role_arn(account, region, "task-role") == "arn:aws:iam::999999999999:role/task-role"
    assert arn.role_arn(account, "cn-north-1", "/x/r") == "arn:aws-cn:iam::999999999999:role/x/r"
    assert arn.log_group_arn(account, region, "/a/b") == "arn:aws:logs:ap-northeast-1:999999999999:log-group:/a/b"
    assert arn.bucket_arn(region, "logs") == "arn:aws:s3:::logs"
    assert arn.bucket_arn("us-gov-west-1", "logs", "qa/*") == "arn:aws-us-gov:s3:::logs/qa/*"
    assert arn.repository_arn(account, region, "a/b") == "arn:aws:ecr:ap-northeast-1:999999999999:repository/a/b"
    managed = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    assert arn.managed_policy_arn(region, vocabulary.EXECUTION_ROLE_POLICY) == managed


def test_an_arn_is_taken_apart_and_put_together_again() -> None:
    text = "arn:aws:secretsmanager:ap-northeast-1:999999999999:secret:chuoi/db-AbCdEf:key:AWSCURRENT:"
    parsed = arn.parse(text)
    assert parsed is not None
    assert (parsed.service, parsed.region, parsed.account) == (
        "secretsmanager",
        "ap-northeast-1",
        "999999999999",
    )
    assert parsed.resource == "secret:chuoi/db-AbCdEf:key:AWSCURRENT:"
    assert str(parsed) == text


SECRET = "arn:aws:secretsmanager:eu-west-1:999999999999:secret:shop/x-AbCdEf"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (SECRET, arn.SecretArn(SECRET, "", "", "")),
        (f"{SECRET}:key::", arn.SecretArn(SECRET, "key", "", "")),
        (f"{SECRET}::AWSPREVIOUS:", arn.SecretArn(SECRET, "", "AWSPREVIOUS", "")),
        (f"{SECRET}:::0123", arn.SecretArn(SECRET, "", "", "0123")),
        (f"{SECRET}:key", None),
        (f"{SECRET}:key:", None),
        (f"{SECRET}:a:b:c:d", None),
        ("arn:aws:secretsmanager:eu-west-1:999999999999:secret:", None),
        ("arn:aws:ssm:eu-west-1:999999999999:parameter/x", None),
        ("shop/x", None),
    ],
)
def test_the_form_of_ecs_is_taken_apart(text: str, parts: arn.SecretArn | None) -> None:
    assert arn.parse_secret(text) == parts


@pytest.mark.parametrize(
    ("name", "complete"),
    [("x-AbCdEf", True), ("x-123456", True), ("x", False), ("x-AbCdE", False), ("x-AbCdEfg", False)],
)
def test_an_arn_is_complete_with_its_six_characters(name: str, complete: bool) -> None:
    parsed = arn.parse_secret(f"arn:aws:secretsmanager:eu-west-1:999999999999:secret:{name}")
    assert parsed is not None
    assert parsed.complete is complete


@pytest.mark.parametrize(
    "text", ["", "arn", "arn:aws:s3", "/chuoi/qa/key", "arn::s3:::x", "arn:aws:s3:::", "x:aws:s3:::y"]
)
def test_what_is_not_an_arn(text: str) -> None:
    assert arn.parse(text) is None


def test_images_of_ecr_are_recognised() -> None:
    image = arn.parse_ecr("999999999999.dkr.ecr.ap-northeast-1.amazonaws.com/chuoi/app:latest")
    assert image == arn.EcrImage("999999999999", "ap-northeast-1", "chuoi/app:latest")
    assert arn.parse_ecr("999999999999.dkr.ecr.cn-north-1.amazonaws.com.cn/app") == arn.EcrImage(
        "999999999999", "cn-north-1", "app"
    )
    assert arn.parse_ecr("public.ecr.aws/nginx/nginx:1.30") is None
    assert arn.parse_ecr("nginx:alpine") is None
    assert arn.parse_ecr("999999999999.dkr.ecr.cn-north-1.amazonaws.com/app") is None  # not the partition's host
