"""The words that ECS on Fargate and its neighbours know: drivers, conditions, platforms, policies."""

from __future__ import annotations

# --- logging. AWS documentation, "Amazon ECS task definition parameters for Fargate", checked 2026-11-23.
LOG_DRIVERS = ("awslogs", "splunk", "awsfirelens")
# botocore 1.44, ecs, LogDriver: what the API knows and Fargate refuses.
EC2_LOG_DRIVERS = ("fluentd", "gelf", "journald", "json-file", "syslog")
# botocore 1.44, ecs, LogConfiguration.options, checked 2026-11-23.
AWSLOGS_OPTIONS = (
    "awslogs-create-group",
    "awslogs-datetime-format",
    "awslogs-group",
    "awslogs-multiline-pattern",
    "awslogs-region",
    "awslogs-stream-prefix",
    "max-buffer-size",
    "mode",
)
# The stream prefix may only be left out on EC2.
AWSLOGS_REQUIRED = ("awslogs-group", "awslogs-region", "awslogs-stream-prefix")
SPLUNK_REQUIRED = ("splunk-token", "splunk-url")
LOG_MODES = ("blocking", "non-blocking")
# Since 2025-06-25, unless the account setting defaultLogDriverMode says otherwise.
DEFAULT_LOG_MODE = "non-blocking"
# botocore 1.44, logs, Days, checked 2026-11-23.
RETENTION_DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip

# --- the process. botocore 1.44, ecs, KernelCapabilities, checked 2026-11-23: any may be dropped, one added.
CAPABILITIES_ADDABLE = ("SYS_PTRACE",)
CAPABILITIES = (
    "ALL", "AUDIT_CONTROL", "AUDIT_WRITE", "BLOCK_SUSPEND", "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH",
    "FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL", "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN",
    "MAC_OVERRIDE", "MKNOD", "NET_ADMIN", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW", "SETFCAP", "SETGID",
    "SETPCAP", "SETUID", "SYS_ADMIN", "SYS_BOOT", "SYS_CHROOT", "SYS_MODULE", "SYS_NICE", "SYS_PACCT",
    "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "SYSLOG", "WAKE_ALARM",
)  # fmt: skip
# botocore 1.44, ecs, UlimitName.
ULIMITS = (
    "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss",
    "rtprio", "rttime", "sigpending", "stack",
)  # fmt: skip
# AWS documentation, "Amazon ECS task definition differences for Fargate", checked 2026-11-23: the others keep
# the operating system's value, whatever the task definition says.
ULIMITS_HONOURED = ("nofile",)
# botocore 1.44, ecs, SystemControl.value, checked 2026-11-23: the IPC namespace by name and prefix, the
# network namespace by prefix. What one container sets for the network holds for all containers of the task.
SYSTEM_CONTROLS = (
    "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shm_rmid_forced",
    "kernel.shmall", "kernel.shmmax", "kernel.shmmni",
)  # fmt: skip
SYSTEM_CONTROL_PREFIXES = ("fs.mqueue.", "net.")
# botocore 1.44, ecs, RegisterTaskDefinitionRequest.pidMode: `host` is refused on Fargate.
PID_MODES = ("task",)

# --- dependencies, ports and platforms. botocore 1.44, ecs, ContainerCondition, TransportProtocol,
# ApplicationProtocol.
CONDITIONS = ("START", "COMPLETE", "SUCCESS", "HEALTHY")
# What a spec says, and what compose's long form says for the same; compose has no word for COMPLETE.
CONDITION_WORDS = {"start": "START", "healthy": "HEALTHY", "complete": "COMPLETE", "success": "SUCCESS"}
COMPOSE_CONDITIONS = {
    "service_started": "start",
    "service_healthy": "healthy",
    "service_completed_successfully": "success",
}
# ECS refuses both on an essential container, whose end is the end of the task.
ENDING_CONDITIONS = ("COMPLETE", "SUCCESS")
PROTOCOLS = ("tcp", "udp")
APP_PROTOCOLS = ("http", "http2", "grpc")
# The OCI platform, as docker build takes it, to runtimePlatform.cpuArchitecture.
ARCHITECTURES = {"linux/amd64": "X86_64", "linux/arm64": "ARM64"}
OPERATING_SYSTEM = "LINUX"
DEFAULT_PLATFORM = "linux/amd64"
# AWS documentation, "Fargate platform versions for Amazon ECS", checked 2026-11-23: 1.3.0 ended on
# 2026-03-16.
PLATFORM_VERSIONS = ("1.4.0", "LATEST")
RETIRED_PLATFORM_VERSIONS = ("1.0.0", "1.1.0", "1.2.0", "1.3.0")
DEFAULT_PLATFORM_VERSION = "1.4.0"
CAPACITY_PROVIDERS = {"fargate": "FARGATE", "spot": "FARGATE_SPOT"}
VERSION_CONSISTENCY = ("enabled", "disabled")

# --- volumes. botocore 1.44, ecs, Tmpfs.mountOptions, checked 2026-11-23; tmpfs works on Fargate since
# 2026-01-06.
TMPFS_OPTIONS = (
    "defaults", "ro", "rw", "suid", "nosuid", "dev", "nodev", "exec", "noexec", "sync", "async", "dirsync",
    "remount", "mand", "nomand", "atime", "noatime", "diratime", "nodiratime", "bind", "rbind", "unbindable",
    "runbindable", "private", "rprivate", "shared", "rshared", "slave", "rslave", "relatime", "norelatime",
    "strictatime", "nostrictatime", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol",
)  # fmt: skip
# These take a value: `mode=1777`.
TMPFS_VALUED_OPTIONS = ("mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol")
# botocore 1.44, ecs, ServiceManagedEBSVolumeConfiguration: `standard` is refused on Fargate, `ntfs` is
# Windows'.
EBS_VOLUME_TYPES = ("gp2", "gp3", "io1", "io2", "st1", "sc1")
EBS_FILE_SYSTEMS = ("ext3", "ext4", "xfs")
DEFAULT_EBS_VOLUME_TYPE = "gp3"
DEFAULT_EBS_FILE_SYSTEM = "xfs"

# --- load balancer. AWS documentation, "Security policies for your Application Load Balancer", checked
# 2026-11-23: the policy that the console proposes and AWS recommends, TLS 1.3 and 1.2 with post-quantum key
# exchange. A listener made through the API without a policy gets the one of 2016, which still speaks TLS 1.0.
SSL_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"

# --- registry. botocore 1.44, ecr, ImageTagMutability.
TAG_MUTABILITY = ("MUTABLE", "IMMUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION")

# --- auto scaling. botocore 1.44, application-autoscaling, MetricType: the spec's word to the predefined
# metric.
AUTOSCALING_METRICS = {
    "cpu": "ECSServiceAverageCPUUtilization",
    "memory": "ECSServiceAverageMemoryUtilization",
    "requests": "ALBRequestCountPerTarget",
}
AUTOSCALING_DIMENSION = "ecs:service:DesiredCount"
AUTOSCALING_NAMESPACE = "ecs"

# --- permissions. AWS documentation, "Amazon ECS task execution IAM role", checked 2026-11-23. The managed
# policy allows pulling from ECR and writing log streams; it does not allow making a log group or reading a
# secret.
ECS_TASKS_PRINCIPAL = "ecs-tasks.amazonaws.com"
CODEBUILD_PRINCIPAL = "codebuild.amazonaws.com"
EXECUTION_ROLE_POLICY = "service-role/AmazonECSTaskExecutionRolePolicy"
POLICY_LANGUAGE_VERSION = "2012-10-17"
# AWS documentation, "Monitor Amazon ECS containers with ECS Exec": what the task role needs, on every
# resource.
EXEC_ACTIONS = (
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
)

# --- pipeline. AWS documentation, "Docker images provided by CodeBuild", checked 2026-11-23: the platform
# of the images to (CodeBuild's image, its environment type). An image is built on its own architecture.
CODEBUILD_ENVIRONMENTS = {
    "linux/amd64": ("aws/codebuild/amazonlinux-x86_64-standard:5.0", "LINUX_CONTAINER"),
    "linux/arm64": ("aws/codebuild/amazonlinux-aarch64-standard:3.0", "ARM_CONTAINER"),
}
CODEBUILD_COMPUTE_TYPE = "BUILD_GENERAL1_SMALL"
BUILDSPEC_VERSION = "0.2"
