"""What fluent-bit is told is what its documentation knows, and what the task gives it."""

from __future__ import annotations

import posixpath

import pytest

from chuoigen.recipes.fluentbit.planning import FluentbitPlan
from tests.proof import joints, joints_fluentbit
from tests.proof.builds import build_of
from tests.proof.fluentbit_config import FluentbitSyntaxError, Section, classic, complaints, from_yaml

pytestmark = pytest.mark.proof

CONTAINERS = ("log", "router")


def made_of(name: str) -> tuple[FluentbitPlan, list[Section]]:
    build = build_of("fluentbit")
    made = build.plan.containers[name].build
    assert isinstance(made, FluentbitPlan)
    return made, joints_fluentbit.read(build, name, made)


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_section_and_key_is_documented(name: str) -> None:
    assert complaints(made_of(name)[1]) == []


@pytest.mark.parametrize("name", CONTAINERS)
def test_what_is_kept_lies_on_the_state_volume_each_in_its_own_place(name: str) -> None:
    _, sections = made_of(name)
    mounts = build_of("fluentbit").plan.containers[name].mounts
    state = next(mount for mount in mounts if not mount.read_only)
    kept = [one.values[key] for one in sections for key in ("storage.path", "db", "store_dir") if key in one.values]
    assert len(set(kept)) == len(kept) >= 2
    assert all(posixpath.dirname(path) == state.path for path in kept)


@pytest.mark.parametrize("name", CONTAINERS)
def test_the_end_fits_the_stop_timeout(name: str) -> None:
    made, sections = made_of(name)
    container = build_of("fluentbit").plan.containers[name]
    service = next(one for one in sections if one.kind == "service")
    output = next(one for one in sections if one.kind == "outputs")
    assert made.stop.settle + int(service.values["grace"]) < made.stop.limit < container.stop_timeout
    limit = int(output.values["store_dir_limit_size"].removesuffix("M"))
    assert limit / 4 < container.stop_timeout  # at 4 MiB a second


def test_a_shipper_tails_what_the_application_writes() -> None:
    tail = next(one for one in made_of("log")[1] if one.kind == "inputs")
    containers = build_of("fluentbit").plan.containers
    folder = posixpath.dirname(tail.values["path"])
    read = next(mount for mount in containers["log"].mounts if mount.path == folder)
    written = containers["app"].mount(read.volume)
    assert read.read_only
    assert written is not None
    assert not written.read_only


GOOD = "[SERVICE]\n    flush 1\n\n[OUTPUT]\n    # why\n    name s3\n    match *\n    bucket b\n    region r\n"
GOOD_YAML = (
    "service:\n  flush: 1\npipeline:\n  inputs:\n  - name: tail\n    tag: a\n    path: /a/*\n"
    '  outputs:\n  - name: s3\n    match: "*"\n    bucket: b\n    region: r\n'
)


def test_both_formats_are_read_alike() -> None:
    service, output = classic(GOOD)
    assert (service, output) == (from_yaml(GOOD_YAML)[0], from_yaml(GOOD_YAML)[2])
    assert complaints([service, output]) == complaints(from_yaml(GOOD_YAML)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[SERVICE]", "[service]"),
        ("[SERVICE]", "[CUSTOM]"),
        ("    flush 1", "flush 1"),
        ("    flush 1", "    flush"),
        ("    flush 1", "    flush 1 "),
        ("    flush 1", "    flush 1\n    Flush 2"),
        ("[SERVICE]\n", ""),
        ("    # why", "@SET a=b"),
    ],
)
def test_the_classic_reader_refuses(old: str, new: str) -> None:
    with pytest.raises(FluentbitSyntaxError):
        classic(GOOD.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  flush: 1", "  flush: 1\n  flush: 2"),
        ("  flush: 1", "  flush: [1]"),
        ("service:", "services:"),
        ("  inputs:\n", "  input:\n"),
        ("  - name: tail\n    tag: a\n    path: /a/*\n", "  - tail\n"),
        ('"*"', "*"),
    ],
)
def test_the_yaml_reader_refuses(old: str, new: str) -> None:
    with pytest.raises(FluentbitSyntaxError):
        from_yaml(GOOD_YAML.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("flush: 1", "flush: 1s", "flush: '1s' is not of its type"),
        ("flush: 1", "fluhs: 1", "fluhs is not in"),
        ("    path: /a/*\n", "", "inputs tail needs path"),
        ("name: tail", "name: tial", "inputs tial is not known"),
        ('    match: "*"\n', "", "an output says not what it takes"),
        ("region: r", "region: r\n    compression: zip", "compression: 'zip' is not of its type"),
        ("region: r", "region: r\n    upload_timeout: 1 minute", "upload_timeout"),
    ],
)
def test_each_departure_from_the_documentation_is_named(old: str, new: str, complaint: str) -> None:
    assert any(complaint in line for line in complaints(from_yaml(GOOD_YAML.replace(old, new, 1))))


@pytest.mark.parametrize(
    ("name", "path", "old", "new", "complaint"),
    [
        ("log", "fluent-bit.yaml", "lines.db", "line.db", "input.db"),
        ("log", "fluent-bit.yaml", "${S3_REGION}", "${REGION}", "REGION is not set in the task"),
        ("router", "router.conf", "/routed/", "/route/", "s3_key_format"),
        ("router", "Dockerfile", "etc/router.conf", "etc/extra.conf", "COPY"),
    ],
)
def test_a_broken_joint_is_named(name: str, path: str, old: str, new: str, complaint: str) -> None:
    build, file = build_of("fluentbit"), f"docker/{name}/{path}"
    assert old in build.files[file]
    found = joints.complaints(build.altered(file, build.files[file].replace(old, new)), ("fluentbit", "images"))
    assert any(complaint in line for line in found), found
