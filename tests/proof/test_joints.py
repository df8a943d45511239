"""Between the files: every build's files fit together, and the checks that say so notice when they do not."""

from __future__ import annotations

import pytest

from tests.proof import joints
from tests.proof.builds import SPECS, build_of
from tests.proof.pipeline_runs import pipeline_runs
from tests.proof.script_runs import ScriptRuns
from tests.proof.served import served

pytestmark = pytest.mark.proof


@pytest.mark.needs("crossplane", "botocore", "check_jsonschema")
@pytest.mark.parametrize("name", SPECS)
def test_the_files_of_a_build_fit_together(name: str) -> None:
    assert joints.complaints(build_of(name)) == []


@pytest.mark.parametrize("name", [name for name in SPECS if "pipeline/buildspec.yml" in build_of(name).files])
def test_the_pipeline_builds_and_pushes_what_the_plan_says(name: str) -> None:
    assert list(pipeline_runs(build_of(name))) == []


@pytest.mark.needs("nginx")
@pytest.mark.parametrize("name", ["qa", "prod", "chuoi-2018", "arm64", "node", "python", "rails", "user-dockerfile"])
def test_nginx_answers_as_the_plan_says(name: str) -> None:
    assert list(served(build_of(name))) == []


@pytest.mark.slow
@pytest.mark.needs("awscli", "moto")
@pytest.mark.parametrize("name", ["prod", "sidecars"])
def test_scripts_make_it_once_and_put_right_what_others_changed(name: str) -> None:
    runs = ScriptRuns(build_of(name))
    try:
        assert list(runs.baseline()) == []
    finally:
        runs.close()


# File, what is altered there, and a part of what has to be said about it.
BROKEN = {
    "upstream port": ("docker/web/nginx.conf", "server 127.0.0.1:4000", "server 127.0.0.1:4001", "is no port of app"),
    "document root": ("docker/web/nginx.conf", "root /var/app/public", "root /var/app/static", "root: is"),
    "copied file": ("docker/log/Dockerfile", "COPY fluent.conf", "COPY fluentd.conf", "which is not there"),
    "volume": ("docker/app/Dockerfile", 'VOLUME ["/var/log/chuoi"]', 'VOLUME ["/var/log"]', "VOLUME: is"),
    "exposed port": ("docker/app/Dockerfile", "EXPOSE 4000", "EXPOSE 4001", "EXPOSE: is"),
    "tailed path": ("docker/log/fluent.conf", "/var/log/chuoi/*.log", "/var/log/app/*.log", "source.path"),
    "position file": ("docker/log/fluent.conf", "/fluentd/log/app-log.pos", "/srv/app-log.pos", "source.pos_file"),
    "variable": ("docker/log/fluent.conf", "ENV['S3_BUCKET']", "ENV['BUCKET']", "BUCKET is not set in the task"),
    "secret": ("iam/execution-policy.json", "parameter/chuoi/qa/secret", "parameter/chuoi/qa/other", "may not read"),
    "log group": (
        "scripts/04-logs-and-parameters.sh",
        "log_group /chuoi/ecs/tasks/web 30",
        ":",
        "tasks/web is missing",
    ),
    "repository": ("scripts/01-ecr.sh", "repository chuoi-qa-log ", "repository chuoi-qa-logs ", "01-ecr.sh: is"),
    "role": ("scripts/03-iam.sh", 'role task-role "$OUT', 'role task-roles "$OUT', "does not make task-role"),
    "target": ("ecs/service.json", '"containerPort": 80', '"containerPort": 81', "is no port of web"),
    "container": ("compose.yaml", "\n  log:\n", "\n  logs:\n", "compose.yaml: is"),
    "placeholder": ("network/load-balancer.json", "@security-group:alb@", "@security-group:lb@", "nobody fills in"),
    "health check": ("network/target-group.json", "/system/healthcheck", "/system/health", "HealthCheckPath: is"),
    "stop timeout": ("compose.yaml", "stop_grace_period: 120s", "stop_grace_period: 30s", "stop_grace_period: is"),
    "link": ("README.md", "](diagram.svg)", "](picture.svg)", "there is no picture.svg"),
    "member of the API": ("ecs/task-definition.json", '"stopTimeout"', '"stopTimeouts"', "stopTimeouts"),
    "build script": ("pipeline/buildspec.yml", "build-docker-images.sh", "build-images.sh", "buildspec.yml"),
}


# The same in the Dockerfiles of applications, which lie in docker/app.
BROKEN_APPLICATIONS = {
    "process": ("rails", "Dockerfile", '"--config", "/puma.rb"', '"--config", "/other.rb"', "CMD: is"),
    "lock file": (
        "rails",
        "Dockerfile",
        "COPY Gemfile Gemfile.lock ./",
        "COPY Gemfile Gemfile.look ./",
        "Gemfile.look",
    ),
    "generated file": ("rails", "Dockerfile", "${GENERATED}/puma.rb", "${GENERATED}/pumas.rb", "pumas.rb is not there"),
    "real key": ("rails", "Dockerfile.dockerignore", "**/*.key", "", "x.key would be sent"),
    "root": ("python", "Dockerfile", "USER 1000:1000", "USER 0:0", "USER: is"),
    "cached layer": ("python", "Dockerfile", "COPY requirements.txt requirements.txt", "COPY . .", "layers of the bu"),
    "sources": ("python", "Dockerfile.dockerignore", "staticfiles", "shop", "shop/wsgi.py would not be sent"),
    "stage": ("node", "Dockerfile", "AS builder", "AS build", "stages: is"),
    "compilers": ("node", "Dockerfile", "WORKDIR /app", "WORKDIR /app\nRUN npm ci", "the last stage runs npm"),
}


@pytest.mark.parametrize(
    ("name", "file", "old", "new", "said"), BROKEN_APPLICATIONS.values(), ids=list(BROKEN_APPLICATIONS)
)
def test_a_broken_application_is_named(name: str, file: str, old: str, new: str, said: str) -> None:
    build, path = build_of(name), f"docker/app/{file}"
    assert old in build.files[path]
    found = joints.complaints(build.altered(path, build.files[path].replace(old, new, 1)), ["images"])
    assert any(said in line for line in found), found


@pytest.mark.needs("crossplane", "botocore", "check_jsonschema")
@pytest.mark.parametrize(("path", "old", "new", "said"), BROKEN.values(), ids=list(BROKEN))
def test_a_broken_joint_is_named(path: str, old: str, new: str, said: str) -> None:
    build = build_of("qa")
    assert old in build.files[path]
    found = joints.complaints(build.altered(path, build.files[path].replace(old, new, 1)))
    assert any(said in line for line in found if not line.startswith("manifest")), found
