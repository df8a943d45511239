"""What is decided about the image of a container: one class for each recipe."""

from collections.abc import Mapping

from chuoigen.record import Record


class ArgumentPlan(Record):
    """A build argument: a value, or the variable of the build's own environment that a secret store fills.

    `parameter` is the Systems Manager parameter (or Secrets Manager id) behind it, `store` ssm or secretsmanager.
    """

    name: str
    value: str | None
    parameter: str | None
    store: str | None


class PreparedDirectory(Record):
    """A directory that the image makes, gives to `owner` ("uid:gid") and declares as VOLUME.

    Without that Fargate mounts an empty volume that belongs to root (bind mounts take ownership and content only from
    a VOLUME at the same path; AWS documentation, "Bind mounts", checked 2026-11-23).
    """

    path: str
    owner: str


class Base(Record):
    """A base image and what its distribution needs: `packager` is apk or apt."""

    image: str
    packager: str


class PhoenixPlan(Record):
    """A Phoenix release. Paths are absolute in the image; `context` is relative to the project's root.

    The build's context is the project's root, so that the generated entrypoint is below it; `context` is the
    application's folder in it ("." for the root itself) and goes before each COPY source. `generated` is the folder of
    the generated files relative to the root, for the usual output folder. `static_mount` is where the static files are
    copied at each start (None: nowhere). `asset_packages` are the distribution's packages that the bundler needs.
    """

    context: str
    generated: str
    builder: Base
    runtime: Base
    elixir: str
    release: str
    release_name: str
    asset_tool: str | None
    package_manager: str | None
    asset_sources: tuple[str, ...]
    asset_script: str | None
    arguments: tuple[ArgumentPlan, ...]
    argument_defaults: Mapping[str, str]
    build_packages: tuple[str, ...]
    asset_packages: tuple[str, ...]
    packages: tuple[str, ...]
    root: str
    user: str
    uid: int
    port: int | None
    log_dir: str
    static_source: str
    static_mount: str | None
    directories: tuple[PreparedDirectory, ...]
    timezone: str


class NginxPlan(Record):
    """An nginx. `upstream` is the container's name, its port `upstream_port`; `root` the document root.

    `keepalive` (seconds) exceeds the load balancer's idle time-out; `workers` and `connections` fit the task's size.
    """

    base: Base
    packages: tuple[str, ...]
    port: int
    upstream: str | None
    upstream_port: int | None
    root: str | None
    health_path: str | None
    workers: int
    connections: int
    nofile: int
    keepalive: int
    timeout: int
    max_body_mib: int
    arguments: tuple[ArgumentPlan, ...]
    directories: tuple[PreparedDirectory, ...]
    timezone: str


class TailPlan(Record):
    """Log files that fluentd tails: `path` with the pattern, its position file, the tag of its lines."""

    volume: str
    path: str
    position_file: str
    tag: str


class FluentdPlan(Record):
    """A fluentd. Sizes in MiB, times in seconds; `state` is the directory of buffer and position files.

    `flush_seconds` is how long the worst-case flush at shutdown takes at `upload_mib_per_second`.
    """

    base: Base
    version: str
    s3_plugin: str
    user: str
    legacy: bool
    tails: tuple[TailPlan, ...]
    state: str
    buffer_path: str
    prefix: str
    flush_interval: int
    flush_at_shutdown: bool
    flush_threads: int
    chunk_limit: int
    total_limit: int
    retry_max_interval: int
    flush_seconds: int
    upload_mib_per_second: int
    packages: tuple[str, ...]
    build_packages: tuple[str, ...]
    gem_options: tuple[str, ...]
    arguments: tuple[ArgumentPlan, ...]
    directories: tuple[PreparedDirectory, ...]
    timezone: str


class DockerfilePlan(Record):
    """The user's own Dockerfile; both paths relative to the project's root."""

    dockerfile: str
    context: str
    target: str | None
    arguments: tuple[ArgumentPlan, ...]
