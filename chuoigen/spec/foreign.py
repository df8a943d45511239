"""Words that others have for keys of the language: docker compose, ECS, and what a key was called before.

A word stands in its snake_case form, so that `portMappings` and `port_mappings` are one; a key that is the language's
own in another spelling needs no entry.
"""

import re

SAME: dict[str, dict[str, str]] = {
    "Spec": {"services": "containers"},
    "Aws": {"account_id": "account", "region_name": "region"},
    "Task": {
        "execution_role_arn": "execution_role",
        "task_execution_role": "execution_role",
        "role": "task_role",
        "task_role_arn": "task_role",
    },
    "Container": {
        "docker_labels": "labels",
        "entry_point": "entrypoint",
        "firelens_configuration": "firelens",
        "health_check": "healthcheck",
        "init_process_enabled": "init",
        "log_configuration": "logs",
        "logging": "logs",
        "mem_limit": "memory",
        "mem_reservation": "memory_reservation",
        "port_mappings": "ports",
        "read_only_root_filesystem": "read_only",
        "readonly_root_filesystem": "read_only",
        "readonly_rootfs": "read_only",
        "registry_credentials": "repository_credentials",
        "stdin_open": "interactive",
        "stop_grace_period": "stop_timeout",
        "tty": "pseudo_terminal",
        "working_directory": "working_dir",
    },
    "Port": {"container_port": "container", "host_port": "host", "published": "host", "target": "container"},
    "Mount": {"container_path": "path", "target": "path"},
    "Healthcheck": {"test": "command"},
    "Logs": {"log_driver": "driver", "opts": "options"},
    "WrittenUlimit": {"hard_limit": "hard", "soft_limit": "soft"},
    "WrittenRestart": {"restart_attempt_period": "attempt_period"},
    "RepositoryCredentials": {"credentials_parameter": "secrets_manager"},
    "WrittenVolume": {"efs_volume_configuration": "efs", "s3files_volume_configuration": "s3_files"},
    "Ebs": {"filesystem": "filesystem_type"},
    "Efs": {"file_system": "file_system_id", "filesystem_id": "file_system_id", "port": "transit_encryption_port"},
    "EfsAuthorization": {"access_point": "access_point_id"},
    "Service": {
        "capacity": "capacity_provider_strategy",
        "count": "desired_count",
        "deployment_configuration": "deployment",
        "desired": "desired_count",
        "exec": "enable_execute_command",
        "public_ip": "assign_public_ip",
    },
    "Capacity": {"spot": "fargate_spot"},
    "Deployment": {"max_percent": "maximum_percent", "min_percent": "minimum_healthy_percent"},
    "LoadBalancer": {"health_check": "healthcheck", "target_group_name": "target_group"},
}
"""By the model that has the key: words that take the same value, which `lint --fix` may therefore write as ours."""

LIKE: dict[str, dict[str, str]] = {
    "Spec": {"container_definitions": "containers"},
    "Task": {"runtime_platform": "platform"},
    "Container": {
        "cap_drop": "capabilities",
        "cpus": "cpu",
        "env_file": "env_files",
        "environment_files": "env_files",
        "mount_points": "mounts",
        "restart_policy": "restart",
        "system_controls": "sysctls",
        "volumes": "mounts",
    },
    "Efs": {"access_point": "authorization_config", "iam": "authorization_config"},
    "Service": {
        "deployment_circuit_breaker": "deployment",
    },
    "WrittenSecret": {"value_from": "ssm"},
}
"""Words for the same thing whose values are written in another way: they are named, and a person writes them."""


def snake(word: str) -> str:
    """Return a key in snake_case: `portMappings`, `port-mappings` and `Port Mappings` are port_mappings."""
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", word).lower()).strip("_")
