"""What a spec says for all containers reaches a container only where it means the same there."""

from __future__ import annotations

import itertools

import pytest

from tests.artifacts.plans import plan_of

DRIVERS = {
    "awslogs": ("{ awslogs-datetime-format: '%H' }", "{}"),
    "awsfirelens": ("{ Name: datadog }", "{ apikey: { ssm: /shop/key } }"),
    "splunk": ("{ splunk-url: https://splunk.example.com }", "{ splunk-token: { ssm: /shop/token } }"),
}
SPEC = """
chuoigen: 1
name: shop
aws: {{ account: "123456789012", region: eu-west-1 }}
logs: {{ driver: {shared}, options: {options}, secret_options: {secrets} }}
containers:
  app: {{ image: nginx:1.28.0, logs: {{ driver: {own} }} }}
  same: {{ image: nginx:1.28.0 }}
"""


@pytest.mark.parametrize(("shared", "own"), list(itertools.product(DRIVERS, DRIVERS)))
def test_an_option_of_a_log_driver_stays_with_its_driver(shared: str, own: str) -> None:
    options, secrets = DRIVERS[shared]
    containers = plan_of(SPEC.format(shared=shared, options=options, secrets=secrets, own=own)).containers
    app, same = (
        ({*containers[name].logs.options}, {each.variable for each in containers[name].logs.secret_options})
        for name in ("app", "same")
    )
    written = options.strip("{} ").partition(":")[0]
    assert written in same[0]
    assert (written in app[0]) is (shared == own)
    assert app[1] == (same[1] if shared == own else set())


def test_a_container_without_a_driver_of_its_own_adds_to_what_it_inherits() -> None:
    spec = SPEC.format(shared="splunk", options="{ a: '1', b: '1' }", secrets="{}", own="splunk")
    containers = plan_of(spec.replace("driver: splunk } }", "options: { b: '2' } } }")).containers
    assert dict(containers["app"].logs.options) == {"a": "1", "b": "2"}
