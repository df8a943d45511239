"""What happens when a change is applied, moment by moment, against deployments that were worked out by hand."""

from __future__ import annotations

from chuoigen.inputs.files import Disk, Overlay
from chuoigen.inputs.load import Loader
from chuoigen.messages import ENGLISH
from chuoigen.review import compare, side_of
from chuoigen.review.timeline import Timeline, timeline
from tests.repository import ROOT

BASES = ROOT / "tests" / "changes" / "bases"
Edits = tuple[tuple[str, str], ...]


def applied(name: str, edits: Edits, before: Edits = ()) -> Timeline | None:
    file, sides = str(BASES / f"{name}.yaml"), []
    for made in (before, (*before, *edits)):
        text = (BASES / f"{name}.yaml").read_text(encoding="utf-8")
        for old, new in made:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        sides.append(side_of(Loader(Overlay(Disk(), {file: text.encode()})).load(file)))
    compared = compare(*sides)
    return timeline(compared.changes, compared.both)


def moments(found: Timeline | None) -> list[tuple[int, str, int, int]]:
    assert found is not None
    return [(one.at, one.what.id, one.old, one.new) for one in found.moments]


REVISION: Edits = (("LOG_LEVEL: info", "LOG_LEVEL: debug"),)


def test_new_tasks_start_before_old_ones_go() -> None:
    """A task counts when the balancer saw 3 good answers behind 60 s of grace, 30 s apart: 150 s.

    An old one is drained for 60 s; then api has 60 s to stop and ship, which it waits for at the start, 120 s: 240 s.
    """
    found = applied("shop", REVISION)
    assert moments(found) == [(0, "start", 2, 2), (150, "drain.healthy", 2, 2), (390, "done", 0, 2)]
    assert found is not None
    assert found.longest == 390
    assert [dict(one.connections) for one in found.moments] == [{"db": 80}, {"db": 80}, {"db": 40}]


def test_connections_of_both_pools_are_held_at_once() -> None:
    found = applied("shop", (("size: 20 }", "size: 50 }"), ('DB_POOL: "20"', 'DB_POOL: "50"')))
    assert found is not None
    assert [dict(one.connections) for one in found.moments] == [{"db": 2 * 20 + 2 * 50}, {"db": 140}, {"db": 100}]


def test_old_tasks_go_first_where_no_more_may_run() -> None:
    """Four tasks, between two and four at once: two rounds. Only the stop timeout of 120 s is waited for."""
    before: Edits = (("maximum_percent: 200", "maximum_percent: 100"),)
    found = applied("worker", (('BATCH: "10"', 'BATCH: "20"'),), before)
    assert moments(found) == [
        (0, "drain.first", 4, 0),
        (120, "start", 2, 2),
        (120, "drain.healthy", 2, 2),
        (240, "start", 0, 4),
        (240, "done", 0, 4),
    ]


def test_a_deployment_that_cannot_go_on_is_said_to_be_without_end() -> None:
    before: Edits = (
        ("minimum_healthy_percent: 50, maximum_percent: 200", "minimum_healthy_percent: 100, maximum_percent: 100"),
    )
    found = applied("worker", (('BATCH: "10"', 'BATCH: "20"'),), before)
    assert found is not None
    assert found.longest is None
    assert "stuck" in [note.id for note in found.notes]


def test_a_container_that_waits_for_a_healthy_one_starts_later() -> None:
    """The agent is healthy after 10 s and 2 checks of 20 s at most, the worker after 3 checks of 30 s behind that."""
    before: Edits = (
        (
            "containers:\n",
            (
                "containers:\n  agent:\n    image: busybox:1.37.0\n"
                '    healthcheck: { command: "true", interval: 20s, retries: 2, start_period: 10s }\n'
            ),
        ),
        (
            "    stop_timeout: 120s\n",
            '    stop_timeout: 120s\n    depends_on: { agent: healthy }\n    healthcheck: { command: "true" }\n',
        ),
    )
    found = applied("worker", (('BATCH: "10"', 'BATCH: "20"'),), before)
    assert found is not None
    assert found.moments[1].at == 10 + 2 * 20 + 3 * 30


def test_more_tasks_restart_nothing() -> None:
    found = applied("worker", (("desired_count: 4", "desired_count: 6"),))
    assert moments(found) == [(0, "more", 6, 0), (0, "done", 6, 0)]
    assert found is not None
    assert [note.id for note in found.notes] == ["no-restart"]


def test_what_aws_takes_in_place_has_no_timeline() -> None:
    assert applied("shop", (("healthcheck: /health", "healthcheck: /ready"),)) is None
    assert applied("shop", ()) is None


def test_what_a_failure_leaves_behind() -> None:
    kept = applied("worker", (('BATCH: "10"', 'BATCH: "20"'), ("desired_count: 4", "desired_count: 20")))
    assert kept is not None
    assert ENGLISH.text(kept.failed[0]) == "after 10 tasks that fail in a row ECS goes back to the old revision"
    counted = "200, circuit_breaker: { threshold: { percent: 1, bounded: false }, reset_on_healthy_task: false } }"
    other = applied("worker", (('BATCH: "10"', 'BATCH: "20"'), ("200 }", counted)))
    assert other is not None
    assert ENGLISH.text(other.failed[0]).startswith("after 1 failed task, also when others became healthy")
    bare = applied("worker", (('BATCH: "10"', 'BATCH: "20"'), ("200 }", "200, circuit_breaker: false }")))
    assert bare is not None
    assert ENGLISH.text(bare.failed[0]) == "ECS tries again without end; 2 old tasks go on meanwhile"


def test_the_way_back_is_open_where_nothing_that_it_needs_goes() -> None:
    found = applied("shop", REVISION)
    assert found is not None
    assert found.back == ()


def test_the_way_back_is_closed_by_a_secret_a_storage_and_a_target_group() -> None:
    edits: Edits = (
        ("      API_TOKEN: { ssm: /shop/qa/token }\n", ""),
        ("root_directory: /uploads", "root_directory: /files"),
        ("  target: api\n", "  target: api\n  target_group: shop-new\n"),
    )
    found = applied("shop", edits)
    assert found is not None
    assert sorted(reason.id for reason in found.back) == ["another.target-group", "secret", "volume"]
    assert dict(next(one for one in found.back if one.id == "secret").arguments)["resource"] == (
        "arn:aws:ssm:ap-northeast-1:123456789012:parameter/shop/qa/token"
    )


def test_another_service_starts_beside_the_old_one() -> None:
    found = applied("shop", (("  cluster: shop\n", "  cluster: sales\n"),))
    assert moments(found) == [(0, "start", 2, 2), (150, "done", 2, 2)]
    assert found is not None
    assert [note.id for note in found.notes] == ["starting", "beside"]
    assert found.back == ()
    assert [dict(one.connections) for one in found.moments] == [{"db": 80}, {"db": 80}]


def test_a_task_that_nothing_checks_counts_at_once() -> None:
    found = applied("worker", (('BATCH: "10"', 'BATCH: "20"'),))
    assert found is not None
    assert [note.id for note in found.notes] == ["unchecked", "stopping"]


def test_alarms_that_roll_a_deployment_back_are_named() -> None:
    alarmed = (("maximum_percent: 200 }", "maximum_percent: 200, alarms: [shop-errors] }"),)
    edits = (('BATCH: "10"', 'BATCH: "20"'),)
    plain, watched = applied("worker", edits), applied("worker", edits, alarmed)
    assert plain is not None
    assert watched is not None
    said = {ENGLISH.text(one) for one in watched.failed} - {ENGLISH.text(one) for one in plain.failed}
    assert said == {
        'when an alarm fires during the deployment ("shop-errors"), ECS goes back to the old revision',
    }


def test_a_deployment_that_moves_traffic_goes_by_its_stages() -> None:
    """The balancer's checks take 150 s. An old task drains 60 s, then api has 60 s and ship 120 s. A task holds 20 connections."""
    strategy = "  cluster: shop\n  deployment: { strategy: blue_green, bake_time: 10m, alarms: [errors] }\n"
    found = applied("shop", (("  cluster: shop\n", strategy), *REVISION))
    assert found is not None
    assert [(moment.at, moment.old, moment.new, moment.connections["db"]) for moment in found.moments] == [
        (0, 2, 2, 80),
        (150, 2, 2, 80),
        (750, 2, 2, 80),
        (990, 0, 2, 40),
    ]
    assert {"bad.alarms", "back.short", "back.long", "weights", "first-rolling"} <= {note.id for note in found.notes}
    again = applied("shop", REVISION, (("  cluster: shop\n", strategy),))
    assert again is not None
    assert "first-rolling" not in {note.id for note in again.notes}


JOB = "  nightly: { container: app, command: [bin/nightly], schedule: cron(0 3 * * ? *) }"
MIGRATE: Edits = (
    (JOB, f"{JOB}\n  migrate: {{ container: app, command: [bin/migrate], before: deploy, timeout: 20m }}"),
)


def test_a_job_before_a_deployment_runs_beside_the_old_tasks() -> None:
    """Twenty minutes at most, and everything else is that much later; a stop takes 30 s."""
    found = applied("jobs", (("command: [bin/serve]", "command: [bin/server]"),), MIGRATE)
    assert moments(found) == [
        (0, "runs", 2, 0),
        (1200, "start", 2, 2),
        (1200, "drain.healthy", 2, 2),
        (1230, "done", 0, 2),
    ]
    assert found is not None
    assert found.longest == 1230


def test_a_job_holds_the_connections_that_its_own_pool_admits() -> None:
    """Two tasks hold 20 each, and the job 3 by its environment."""
    job = "\njobs:\n  migrate: { container: api, command: [m], before: deploy, timeout: 1m, environment: { DB_POOL: '3' } }"
    last = "timezone: Asia/Tokyo"
    found = applied("shop", REVISION, ((last, last + job),))
    assert found is not None
    assert [dict(one.connections) for one in found.moments] == [{"db": 43}, {"db": 80}, {"db": 80}, {"db": 40}]


def test_the_key_of_a_log_group_restarts_nothing() -> None:
    """Also not that of the group which the service itself names, for the proxy of Service Connect."""
    last = "timezone: Asia/Tokyo"
    key = "arn:aws:kms:ap-northeast-1:123456789012:key/11111111-2222-3333-4444-555555555555"
    logs = "logs: { retention: 30 days }"
    found = applied(
        "shop",
        ((logs, f'logs: {{ retention: 30 days, kms_key: "{key}" }}'),),
        ((last, f"{last}\nservice_connect: {{ namespace: shop }}"),),
    )
    assert found is None


def test_a_target_group_that_is_made_anew_is_called_by_its_name() -> None:
    found = applied("routes", (("admin: { container: web, port: 9000 }", "admin: { container: web, port: 8080 }"),))
    assert found is not None
    assert [ENGLISH.text(one) for one in found.back] == [
        "the target group shop-qa-admin of the old revision is replaced"
    ]
