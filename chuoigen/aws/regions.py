"""The regions of AWS by partition, written by tools/dated_tables.py."""

from __future__ import annotations

from chuoigen.record import Record

_SOURCE = "botocore 1.44.8, partitions.json"
_CHECKED = "2026-11-27"


class Partition(Record):
    """One partition: what host names of its services end with, the form of its regions' codes, and those known."""

    dns_suffix: str
    pattern: str
    regions: tuple[str, ...]
    source: str = _SOURCE
    checked: str = _CHECKED


PARTITIONS: dict[str, Partition] = {
    "aws": Partition(
        "amazonaws.com",
        r"(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+",
        (
            "af-south-1",
            "ap-east-1",
            "ap-east-2",
            "ap-northeast-1",
            "ap-northeast-2",
            "ap-northeast-3",
            "ap-south-1",
            "ap-south-2",
            "ap-southeast-1",
            "ap-southeast-2",
            "ap-southeast-3",
            "ap-southeast-4",
            "ap-southeast-5",
            "ap-southeast-6",
            "ap-southeast-7",
            "ca-central-1",
            "ca-west-1",
            "eu-central-1",
            "eu-central-2",
            "eu-north-1",
            "eu-south-1",
            "eu-south-2",
            "eu-west-1",
            "eu-west-2",
            "eu-west-3",
            "il-central-1",
            "me-central-1",
            "me-south-1",
            "me-west-1",
            "mx-central-1",
            "sa-east-1",
            "sa-west-1",
            "us-east-1",
            "us-east-2",
            "us-west-1",
            "us-west-2",
        ),
    ),
    "aws-cn": Partition("amazonaws.com.cn", r"cn-\w+-\d+", ("cn-north-1", "cn-northwest-1")),
    "aws-eusc": Partition("amazonaws.eu", r"eusc-(de)-\w+-\d+", ("eusc-de-east-1",)),
    "aws-iso": Partition("c2s.ic.gov", r"us-iso-\w+-\d+", ("us-iso-east-1", "us-iso-west-1")),
    "aws-iso-b": Partition("sc2s.sgov.gov", r"us-isob-\w+-\d+", ("us-isob-east-1", "us-isob-west-1")),
    "aws-iso-e": Partition("cloud.adc-e.uk", r"eu-isoe-\w+-\d+", ("eu-isoe-west-1",)),
    "aws-iso-f": Partition("csp.hci.ic.gov", r"us-isof-\w+-\d+", ("us-isof-east-1", "us-isof-south-1")),
    "aws-us-gov": Partition("amazonaws.com", r"us-gov-\w+-\d+", ("us-gov-east-1", "us-gov-west-1")),
}
