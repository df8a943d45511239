"""The words that ECS on Fargate and its neighbours know: drivers, conditions, platforms, policies."""

from __future__ import annotations

from chuoigen.aws.fact import T, fact

_CHECKED = "2026-11-23"
_PARAMETERS = "Amazon ECS task definition parameters for Fargate"
_DIFFERENCES = "Amazon ECS task definition differences for Fargate"
_PLATFORMS = "Fargate platform versions for Amazon ECS"
_EXECUTION_ROLE = "Amazon ECS task execution IAM role"


def _model(value: T, member: str) -> T:
    return fact(value, f"botocore 1.44, {member}", _CHECKED)


def _docs(value: T, page: str) -> T:
    return fact(value, f"AWS documentation, '{page}'", _CHECKED)


# --- logging.
LOG_DRIVERS = _docs(("awslogs", "splunk", "awsfirelens"), _PARAMETERS)
NO_LOG_DRIVER = fact("none", "chuoigen's own word: ECS has no logConfiguration then", "2026-11-28")
# What the API knows and Fargate refuses.
EC2_LOG_DRIVERS = _model(("fluentd", "gelf", "journald", "json-file", "syslog"), "ecs, LogDriver")
AWSLOGS_OPTIONS = _model((
    "awslogs-create-group", "awslogs-datetime-format", "awslogs-group", "awslogs-multiline-pattern",
    "awslogs-region", "awslogs-stream-prefix", "max-buffer-size", "mode",
), "ecs, LogConfiguration.options")  # fmt: skip
FIRELENS_TYPES = _model(("fluentd", "fluentbit"), "ecs, FirelensConfigurationType")
SPLUNK_REQUIRED = _docs(("splunk-token", "splunk-url"), _PARAMETERS)
LOG_MODES = _model(("blocking", "non-blocking"), "ecs, LogConfiguration.options, mode")
RETENTION_DAYS = _model((
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
), "logs, Days")  # fmt: skip

# --- databases, by the last part of their images' names, and the services of AWS that are for them.
DATABASES = fact(
    {
        **dict.fromkeys(("postgres", "postgresql", "postgis", "mysql", "mysql-server", "mariadb"), "Amazon RDS"),
        **dict.fromkeys(("mongo", "mongodb"), "Amazon DocumentDB"),
        **dict.fromkeys(("elasticsearch", "opensearch"), "Amazon OpenSearch Service"),
        **dict.fromkeys(("kafka", "cp-kafka", "zookeeper", "cp-zookeeper"), "Amazon MSK"),
        "cassandra": "Amazon Keyspaces",
        "neo4j": "Amazon Neptune",
        "influxdb": "Amazon Timestream for InfluxDB",
        "rabbitmq": "Amazon MQ",
        "dynamodb-local": "Amazon DynamoDB",
    },
    "AWS documentation, 'Choosing an AWS database service'; Docker Hub, names of official images",
    "2026-11-28",
)

# --- the process. Any capability may be dropped, one added.
CAPABILITIES_ADDABLE = _model(("SYS_PTRACE",), "ecs, KernelCapabilities.add")
CAPABILITIES = _model((
    "ALL", "AUDIT_CONTROL", "AUDIT_WRITE", "BLOCK_SUSPEND", "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH",
    "FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL", "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN",
    "MAC_OVERRIDE", "MKNOD", "NET_ADMIN", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW", "SETFCAP", "SETGID",
    "SETPCAP", "SETUID", "SYS_ADMIN", "SYS_BOOT", "SYS_CHROOT", "SYS_MODULE", "SYS_NICE", "SYS_PACCT",
    "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "SYSLOG", "WAKE_ALARM",
), "ecs, KernelCapabilities")  # fmt: skip
ULIMITS = _model((
    "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss",
    "rtprio", "rttime", "sigpending", "stack",
), "ecs, UlimitName")  # fmt: skip
# The others keep the operating system's value, whatever the task definition says.
ULIMITS_HONOURED = _docs(("nofile",), _DIFFERENCES)
# The IPC namespace by name and prefix, the network namespace by prefix. What one container sets for the network holds
# for all containers of the task.
SYSTEM_CONTROLS = _model((
    "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shm_rmid_forced",
    "kernel.shmall", "kernel.shmmax", "kernel.shmmni",
), "ecs, SystemControl.value")  # fmt: skip
SYSTEM_CONTROL_PREFIXES = _model(("fs.mqueue.", "net."), "ecs, SystemControl.value")
# `host` is refused on Fargate.
PID_MODES = _model(("task",), "ecs, RegisterTaskDefinitionRequest.pidMode")

# --- dependencies, ports and platforms.
# What a spec says, and what compose's long form says for the same; compose has no word for COMPLETE.
CONDITIONS = _model(
    {"start": "START", "healthy": "HEALTHY", "complete": "COMPLETE", "success": "SUCCESS"}, "ecs, ContainerCondition"
)
COMPOSE_CONDITIONS = fact(
    {"service_started": "start", "service_healthy": "healthy", "service_completed_successfully": "success"},
    "compose specification, depends_on, long form",
    _CHECKED,
)
PROTOCOLS = _model(("tcp", "udp"), "ecs, TransportProtocol")
APP_PROTOCOLS = _model(("http", "http2", "grpc"), "ecs, ApplicationProtocol")
# The OCI platform, as docker build takes it, to runtimePlatform.cpuArchitecture.
ARCHITECTURES = _model({"linux/amd64": "X86_64", "linux/arm64": "ARM64"}, "ecs, CPUArchitecture")
OPERATING_SYSTEM = _model("LINUX", "ecs, OSFamily")
# 1.3.0 ended on 2026-03-16.
PLATFORM_VERSIONS = _docs(("1.4.0", "LATEST"), _PLATFORMS)
RETIRED_PLATFORM_VERSIONS = _docs(("1.0.0", "1.1.0", "1.2.0", "1.3.0"), _PLATFORMS)
REFUSED_FOR_WINDOWS = _model(
    ("linuxParameters", "user", "readonlyRootFilesystem", "ulimits"),
    "ecs, ContainerDefinition: not supported for Windows containers",
)
WINDOWS_PLATFORM_VERSIONS = _docs(("1.0.0",), "Fargate Windows platform version change log")
CAPACITY_PROVIDERS = _docs({"fargate": "FARGATE", "fargate_spot": "FARGATE_SPOT"}, "Amazon ECS clusters for Fargate")

# --- volumes. tmpfs works on Fargate since 2026-01-06.
TMPFS_OPTIONS = _model((
    "defaults", "ro", "rw", "suid", "nosuid", "dev", "nodev", "exec", "noexec", "sync", "async", "dirsync",
    "remount", "mand", "nomand", "atime", "noatime", "diratime", "nodiratime", "bind", "rbind", "unbindable",
    "runbindable", "private", "rprivate", "shared", "rshared", "slave", "rslave", "relatime", "norelatime",
    "strictatime", "nostrictatime", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol",
), "ecs, Tmpfs.mountOptions")  # fmt: skip
# These take a value: `mode=1777`.
TMPFS_VALUED_OPTIONS = fact(("mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol"), "Linux, tmpfs(5)", _CHECKED)
# `standard` is refused on Fargate.
EBS_VOLUME_TYPES = _model(
    ("gp2", "gp3", "io1", "io2", "st1", "sc1"), "ecs, ServiceManagedEBSVolumeConfiguration.volumeType"
)

# --- listeners of a load balancer.
REDIRECT_STATUS = _model((301, 302), "elbv2, RedirectActionStatusCodeEnum")
RESPONSE_TYPES = _model(
    ("text/plain", "text/css", "text/html", "application/javascript", "application/json"),
    "elbv2, FixedResponseActionContentType",
)

# --- auto scaling. The spec's word to the predefined metric.
AUTOSCALING_METRICS = _model({
    "cpu": "ECSServiceAverageCPUUtilization",
    "memory": "ECSServiceAverageMemoryUtilization",
    "requests": "ALBRequestCountPerTarget",
}, "application-autoscaling, MetricType")  # fmt: skip
AUTOSCALING_DIMENSION = _model("ecs:service:DesiredCount", "application-autoscaling, ScalableDimension")
AUTOSCALING_NAMESPACE = _model("ecs", "application-autoscaling, ServiceNamespace")

# --- permissions. The managed policy allows pulling from ECR and writing log streams; it does not allow making a log
# group or reading a secret.
ECS_TASKS_PRINCIPAL = _docs("ecs-tasks.amazonaws.com", _EXECUTION_ROLE)
EXECUTION_ROLE_POLICY = _docs("service-role/AmazonECSTaskExecutionRolePolicy", _EXECUTION_ROLE)
EBS_ROLE_POLICY = _docs("AmazonECSInfrastructureRolePolicyForVolumes", "Amazon ECS infrastructure IAM role")
CODEBUILD_PRINCIPAL = _docs("codebuild.amazonaws.com", "Allow CodeBuild to interact with other AWS services")
SCHEDULER_PRINCIPAL = _docs("scheduler.amazonaws.com", "EventBridge Scheduler, 'Setting up the execution role'")
# What a secret with the login of a private registry holds, as a JSON object.
REGISTRY_LOGIN_KEYS = _docs(("username", "password"), "Using non-AWS container images in Amazon ECS")
POLICY_LANGUAGE_VERSION = _docs("2012-10-17", "IAM JSON policy elements: Version")
# What the task role needs, on every resource.
OWN_CREDENTIALS = fact(
    ("AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
    "aws-containers/amazon-ecs-exec-checker, README, 'Environment Variables'",
    "2026-11-28",
)
"""Variables with credentials, which every SDK takes before those of the task role."""
KMS_READ = fact(
    ("kms:Decrypt",),
    "AWS documentation, 'Amazon ECS task execution IAM role' and 'Secret encryption in AWS Secrets Manager'",
    "2026-11-28",
)
"""What reading needs of the key that encrypts a secret, a parameter or an object, where it is a key of one's own."""
KMS_WRITE = fact(
    ("kms:Decrypt", "kms:GenerateDataKey"),
    "AWS documentation, 'Using server-side encryption with AWS KMS keys (SSE-KMS)': upload, and upload in parts",
    "2026-11-28",
)
"""What writing objects needs of the key that encrypts their bucket."""
KMS_LOGS = fact(
    ("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"),
    "Amazon CloudWatch Logs, 'Encrypt log data in CloudWatch Logs using AWS Key Management Service'",
    "2026-11-28",
)
"""What the policy of a key must allow CloudWatch Logs."""
KMS_TOPIC = fact(
    ("kms:Decrypt", "kms:GenerateDataKey*"),
    "Amazon SNS, 'Enable compatibility between event sources from AWS services and encrypted topics'",
    "2026-11-28",
)
"""What the policy of a key must allow the services that publish to a topic."""
EXEC_ACTIONS = _docs((
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
), "Monitor Amazon ECS containers with ECS Exec")  # fmt: skip

# --- pipeline. The platform of the images to CodeBuild's image and its type of machine: an image is built on its own
# architecture.
CODEBUILD_ENVIRONMENTS = _docs({
    "linux/amd64": ("aws/codebuild/amazonlinux-x86_64-standard:5.0", "LINUX_CONTAINER"),
    "linux/arm64": ("aws/codebuild/amazonlinux-aarch64-standard:3.0", "ARM_CONTAINER"),
}, "Docker images provided by CodeBuild")  # fmt: skip
CODEBUILD_COMPUTE_TYPE = _docs("BUILD_GENERAL1_SMALL", "Build environment compute modes and types")
BUILDSPEC_VERSION = _docs("0.2", "Build specification reference for CodeBuild")
