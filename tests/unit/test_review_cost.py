"""Monthly cost, against sums made by hand from the prices of the table."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from chuoigen.aws import prices
from chuoigen.inputs.files import Disk, Overlay
from chuoigen.inputs.load import Loader
from chuoigen.messages import ENGLISH
from chuoigen.report.review_words import costs
from chuoigen.review import side_of
from chuoigen.review.cost import bill, cost, smaller
from tests.repository import ROOT

if TYPE_CHECKING:
    from chuoigen.plan import Plan

BASES = ROOT / "tests" / "changes" / "bases"


def plan(name: str, *edits: tuple[str, str]) -> Plan:
    file = str(BASES / f"{name}.yaml")
    text = (BASES / f"{name}.yaml").read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1
        text = text.replace(old, new)
    side = side_of(Loader(Overlay(Disk(), {file: text.encode()})).load(file))
    assert side is not None
    return side.plan


# shop, Tokyo: a task of 1 vCPU and 2 GiB is 0.05056 + 2 x 0.00553 = 0.06162 an hour, and three containers write 1 GB at
# 0.76 each; the balancer is 0.0243 and two addresses at 0.005. 730 hours: 44.9826 + 2.28 a task, 25.039 for the balancer.
SHOP = (119.56, 119.56, 308.61)  # 2, 2 and 6 tasks


def rounded(found: Plan) -> tuple[float, float, float]:
    amounts = cost(found)
    assert amounts is not None
    return round(amounts.minimum, 2), round(amounts.desired, 2), round(amounts.maximum, 2)


def test_tasks_balancer_addresses_and_lines_are_counted() -> None:
    assert rounded(plan("shop")) == SHOP


@pytest.mark.parametrize(
    ("name", "edit", "desired"),
    [
        # An internal balancer has no public address: 7.30 less.
        ("shop", ("  target: api\n", "  target: api\n  internal: true\n"), 112.26),
        # Each of two tasks has an address: 7.30 more.
        ("shop", ("  cluster: shop\n", "  cluster: shop\n  assign_public_ip: true\n"), 126.86),
        # 0.04045 + 2 x 0.00442 = 0.04929 an hour: 2 x 35.9817 + 4.56 + 25.039.
        ("shop", ("  cpu: 1 vCPU\n", "  cpu: 1 vCPU\n  platform: linux/arm64\n"), 101.56),
        # 80 GiB above the 20 that come with a task, at 0.000133: 7.7672 a task.
        ("shop", ("  cpu: 1 vCPU\n", "  cpu: 1 vCPU\n  ephemeral_storage: 100 GiB\n"), 135.10),
        # Half of two tasks at half of the price: 89.9652 x 0.75 + 4.56 + 25.039.
        (
            "shop",
            ("  cluster: shop\n", "  cluster: shop\n  capacity_provider_strategy: { fargate: 1, fargate_spot: 1 }\n"),
            97.07,
        ),
        ("shop", ("desired_count: 2", "desired_count: 4"), 214.09),
    ],
)
def test_what_changes_the_bill(name: str, edit: tuple[str, str], desired: float) -> None:
    assert rounded(plan(name, edit))[1] == pytest.approx(desired, abs=0.011)


def test_spot_counts_behind_the_base_by_weight() -> None:
    """Virginia: 2 x 0.04048 + 4 x 0.004445 + 30 x 0.000111 = 0.10207 an hour; of 4 tasks 3 lie behind the base.

    Three quarters of these are on Spot at half of the price: 4 - 2.25 / 2 = 2.875 tasks are paid in full.
    """
    assert rounded(plan("worker"))[1] == pytest.approx(2.875 * 730 * 0.10207 + 4 * 0.50, abs=0.011)


def test_of_another_region_no_price_is_known() -> None:
    found = bill(None, plan("worker", ("us-east-1", "eu-north-1")))
    assert found is not None
    assert (found.known, found.after) == (False, None)
    assert [ENGLISH.text(message) for message in costs(found, dt.date(2026, 11, 28))] == [
        "cost: no price is known for eu-north-1"
    ]


def test_old_prices_are_called_old() -> None:
    found = bill(plan("shop"), plan("shop"))
    assert found is not None
    fresh, old = (costs(found, day) for day in (dt.date(2026, 11, 28), dt.date(2027, 8, 1)))
    assert [ENGLISH.text(message) for message in old[len(fresh) :]] == ["these prices are more than half a year old"]
    assert ENGLISH.text(fresh[1]).startswith(f"prices of ap-northeast-1 as of {prices.AS_OF}")


def test_the_cheapest_size_that_holds_what_is_reserved() -> None:
    """1024, 128 and 512 MiB are reserved: 2 GiB hold them, and nobody has said that less CPU would do."""
    found = smaller(plan("shop", ("memory: 2 GiB", "memory: 5 GiB")))
    assert found is not None
    # 3 GiB at 0.00553 for 730 hours.
    assert dict(found.arguments) == {"cpu": "1", "memory": "2", "saved": "12.11"}
    assert smaller(plan("shop")) is None


def test_nothing_smaller_is_proposed_where_a_container_reserves_nothing() -> None:
    assert smaller(plan("worker", ("memory: 4 GiB", "memory: 16 GiB"))) is None
