"""Prices in USD, by region, before taxes and discounts: what a service on Fargate costs by the hour.

Only regions of which all prices could be verified are here; of others no price is known.
"""

from __future__ import annotations

from chuoigen.aws.fact import fact
from chuoigen.record import Record

_CHECKED = "2026-11-28"

AS_OF = fact("2026-08-27", "the newest of the records from which the prices below are taken", _CHECKED)
"""The day of which the prices are."""
HOURS = fact(730, "AWS Pricing Calculator, assumptions: 730 hours in a month", _CHECKED)


class Prices(Record):
    """The prices of a region. By the hour: a vCPU, a GiB of memory, a GiB of disk, a balancer, an address.

    `arm_cpu` and `arm_memory` are those of Graviton; `logs` is for a GB that CloudWatch takes in.
    """

    cpu: float
    memory: float
    arm_cpu: float
    arm_memory: float
    storage: float
    balancer: float
    address: float
    logs: float


# Usage types Fargate-vCPU-Hours:perCPU, Fargate-GB-Hours, the same with ARM, Fargate-EphemeralStorage-GB-Hours
# (AmazonECS), LoadBalancerUsage of an Application Load Balancer (AWSELB), PublicIPv4:InUseAddress (AmazonVPC),
# DataProcessing-Bytes (AmazonCloudWatch).
BY_REGION: dict[str, Prices] = fact(
    {
        "us-east-1": Prices(0.04048, 0.004445, 0.03238, 0.00356, 0.000111, 0.0225, 0.005, 0.50),
        "ap-northeast-1": Prices(0.05056, 0.00553, 0.04045, 0.00442, 0.000133, 0.0243, 0.005, 0.76),
    },
    "AWS Price List (AmazonECS, AWSELB, AmazonVPC, AmazonCloudWatch), as quoted in public records, 2026-06 to 2026-09",
    _CHECKED,
)

# AWS sets the price of Spot by supply and demand and says "up to 70 %"; 50 to 70 % off are reported.
SPOT_SHARE: tuple[int, int] = fact(
    (1, 2), "AWS, 'AWS Fargate Pricing', Fargate Spot; half of the price is an assumption of chuoigen", _CHECKED
)
