"""Regions and time zones that do not exist, and the tables that know them."""

from __future__ import annotations

import importlib.metadata
import json
import re
import warnings
import zoneinfo
from pathlib import Path
from typing import TYPE_CHECKING

import botocore
import pytest

from chuoigen.aws.regions import PARTITIONS
from chuoigen.aws.time_zones import TIME_ZONES
from chuoigen.messages import ENGLISH, Reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuoigen.diagnostics import Diagnostic

APP = "containers: { app: { image: nginx:1.28.0 } }\n"
S3 = (
    'containers: { log: { build: { recipe: fluentd, tail: { v: "*.log" }, s3: { bucket: shop-logs, region: %s } } } }\n'
)


def found(diagnostics: tuple[Diagnostic, ...], *rules: str) -> list[tuple[str, int]]:
    return [(one.rule, one.span.line) for one in diagnostics if one.rule in rules]


@pytest.mark.parametrize("region", ["ap-northeast-1", "cn-north-1", "us-gov-west-1", "eusc-de-east-1", "us-iso-east-1"])
def test_a_region_of_the_list_is_taken(diagnose: Callable[[str], tuple[Diagnostic, ...]], region: str) -> None:
    text = f'aws: {{ account: "123456789012", region: {region} }}\n{APP}'
    assert found(diagnose(text), "unknown-region", "region-format") == []


@pytest.mark.parametrize("region", ["ap-northeast-9", "eu-west-4", "xx-east-1", "ap-north-east-1"])
def test_a_region_that_is_not_listed_is_reported(
    diagnose: Callable[[str], tuple[Diagnostic, ...]], region: str
) -> None:
    text = f'aws: {{ account: "123456789012", region: {region} }}\n{APP}'
    assert found(diagnose(text), "unknown-region", "region-format") == [("unknown-region", 2)]


def test_a_region_of_another_form_is_reported_once(diagnose: Callable[[str], tuple[Diagnostic, ...]]) -> None:
    text = f'aws: {{ account: "123456789012", region: Tokyo }}\n{APP}'
    assert found(diagnose(text), "unknown-region", "region-format") == [("region-format", 2)]


def test_the_region_of_a_bucket_is_judged(diagnose: Callable[[str], tuple[Diagnostic, ...]]) -> None:
    assert found(diagnose(S3 % "ap-northeast-9"), "unknown-region") == [("unknown-region", 2)]
    assert found(diagnose(S3 % "us-east-1"), "unknown-region") == []


@pytest.mark.parametrize(
    ("zone", "meant"), [("Asia/Tokio", "Asia/Tokyo"), ("asia/tokyo", "Asia/Tokyo"), ("utc", "UTC")]
)
def test_a_time_zone_that_is_nearly_right(
    diagnose: Callable[[str], tuple[Diagnostic, ...]], zone: str, meant: str
) -> None:
    [one] = [each for each in diagnose(f"timezone: {zone}\n{APP}") if each.rule == "unknown-time-zone"]
    assert ENGLISH.help(one.words) == f"did you mean {meant}?"
    assert Reader("ja").help(one.words) == f"{meant} ではありませんか"


@pytest.mark.parametrize(
    ("zone", "count"),
    [
        ("UTC", 0),
        ("Asia/Tokyo", 0),
        ("America/Argentina/Buenos_Aires", 0),
        ("Etc/GMT+9", 0),
        ("JST", 1),
        ("Factory", 1),
    ],
)
def test_time_zones(diagnose: Callable[[str], tuple[Diagnostic, ...]], zone: str, count: int) -> None:
    assert len(found(diagnose(f"timezone: {zone}\n{APP}"), "unknown-time-zone")) == count


def test_the_regions_are_those_of_botocore() -> None:
    """A newer botocore may know more; only an older one may know fewer."""
    data = json.loads((Path(botocore.__file__).parent / "data" / "partitions.json").read_text(encoding="utf-8"))
    theirs = {region: each["id"] for each in data["partitions"] for region in each["regions"]}
    ours = {region: name for name, partition in PARTITIONS.items() for region in partition.regions}
    new = sorted(region for region in theirs.keys() - ours.keys() if not region.endswith("-global"))
    if new:
        warnings.warn(f"run tools/dated_tables.py: botocore has also {', '.join(new)}", stacklevel=1)
    shared = ours.keys() & theirs.keys()
    assert {region: ours[region] for region in shared} == {region: theirs[region] for region in shared}
    made_from = re.search(r"botocore ([\d.]+)", PARTITIONS["aws"].source)
    assert made_from
    installed = importlib.metadata.version("botocore")
    if tuple(map(int, installed.split("."))) >= tuple(map(int, made_from[1].split("."))):
        assert sorted(ours.keys() - theirs.keys()) == []


def test_the_time_zones_are_those_of_the_database() -> None:
    """A machine's own database may be older or newer, and may leave out links; the zones proper are in each."""
    assert {"UTC", "Asia/Tokyo", "Europe/Berlin", "America/New_York"} <= set(TIME_ZONES)
    here = zoneinfo.available_timezones() - {"Factory", "localtime", "posixrules"}
    new = sorted(here - set(TIME_ZONES))
    if new:
        warnings.warn(f"run tools/dated_tables.py: this machine has also {', '.join(new)}", stacklevel=1)
