"""What fluentd is told is what its documentation knows, and what the task gives it."""

from __future__ import annotations

import posixpath

import pytest

from chuoigen.recipes.fluentd.planning import FluentdPlan
from tests.proof.builds import Build, build_of
from tests.proof.fluentd_config import FluentdSyntaxError, Section, convert, parse, usual
from tests.proof.fluentd_parameters import complaints

pytestmark = pytest.mark.proof

GENERATIONS = {"qa": (1, 19), "prod": (1, 19), "chuoi-2018": (1, 2)}
MIB = 1 << 20


def fluentd_of(build: Build) -> tuple[str, FluentdPlan, Section]:
    found = [c for c in build.plan.containers.values() if isinstance(c.build, FluentdPlan)]
    assert len(found) == 1
    assert isinstance(found[0].build, FluentdPlan)
    return found[0].name, found[0].build, parse(build.files[f"docker/{found[0].name}/fluent.conf"])


@pytest.mark.parametrize("name", GENERATIONS)
def test_every_section_and_parameter_is_documented(name: str) -> None:
    assert complaints(fluentd_of(build_of(name))[2], GENERATIONS[name]) == []


@pytest.mark.parametrize("name", GENERATIONS)
def test_buffer_and_positions_lie_on_the_state_volume(name: str) -> None:
    build = build_of(name)
    container, _, root = fluentd_of(build)
    state = build.plan.containers[container].mount("log-tmp")
    assert state is not None
    assert not state.read_only
    buffer = root.named("label")[0].named("match")[0].named("buffer")[0]
    paths = [buffer.get("path"), *(source.get("pos_file") for source in root.named("source"))]
    assert all(path is not None and posixpath.dirname(path) == state.path for path in paths)
    assert len(set(paths)) == len(paths)


@pytest.mark.parametrize("name", GENERATIONS)
def test_tailed_paths_lie_under_a_mount_that_the_application_writes(name: str) -> None:
    build = build_of(name)
    container, _, root = fluentd_of(build)
    assert root.named("source")
    for source in root.named("source"):
        folder = posixpath.dirname(source.get("path") or "")
        mount = next(m for m in build.plan.containers[container].mounts if m.path == folder)
        written = build.plan.containers["app"].mount(mount.volume)
        assert mount.read_only
        assert written is not None
        assert not written.read_only
        assert build.plan.volumes[mount.volume].writers == ("app",)


@pytest.mark.parametrize("name", GENERATIONS)
def test_the_worst_flush_fits_the_stop_timeout(name: str) -> None:
    build = build_of(name)
    container, fluentd, root = fluentd_of(build)
    buffer = root.named("label")[0].named("match")[0].named("buffer")[0]
    stop = build.plan.containers[container].stop_timeout
    total = convert(buffer.get("total_limit_size") or "", "size")
    assert convert(buffer.get("flush_at_shutdown") or "", "bool")
    assert total / (4 * MIB) < stop  # at 4 MiB a second
    assert fluentd.flush_seconds <= stop
    assert convert(buffer.get("chunk_limit_size") or "", "size") <= total
    # A failed upload is tried again at least once before the end.
    assert convert(usual(buffer.get("retry_max_interval") or ""), "time") * 2 < stop


@pytest.mark.parametrize("name", GENERATIONS)
def test_the_placeholders_of_the_path_are_chunk_keys(name: str) -> None:
    match = fluentd_of(build_of(name))[2].named("label")[0].named("match")[0]
    path, keys = match.get("path") or "", match.named("buffer")[0].argument.split(",")
    assert "${tag}" in path
    assert "%H" in path
    assert set(keys) == {"tag", "time"}
    assert convert(match.named("buffer")[0].get("timekey") or "", "time") == 3600


BAD = {
    "a section that does not end": "<system>\n  log_level info\n",
    "an end without a beginning": "</system>\n",
    "ends in the wrong order": "<label @a>\n<match **>\n</label>\n</match>\n",
    "a parameter without a value": "<system>\n  log_level\n</system>\n",
    "the same parameter twice": "<system>\n  log_level info\n  log_level warn\n</system>\n",
    "a quotation that does not end": '<source>\n  tag "a\n</source>\n',
    "text after a quotation": '<source>\n  tag "a" b\n</source>\n',
    "an unknown escape": '<source>\n  tag "\\q"\n</source>\n',
    "Ruby that does not end": "<source>\n  tag \"#{ENV['A']\"\n</source>\n",
    "something that is neither": "<source>\n  = 1\n</source>\n",
    "text after a section's name": "<source> b\n</source>\n",
}


@pytest.mark.parametrize("text", BAD.values(), ids=list(BAD))
def test_the_parser_refuses(text: str) -> None:
    with pytest.raises(FluentdSyntaxError):
        parse(text)


def test_the_parser_reads_what_the_format_knows() -> None:
    root = parse(
        "# a comment\n<match a.** b.*> # another\n  @type s3\n  plain some words # not of it\n"
        "  path \"say \\\"#{ENV['A']}\\\" \\\\ \\#{b}\"\n  single 'it\\'s #{no}'\n"
        '  list ["a", "b"]\n  pairs {"a": 1}\n  <buffer tag, time>\n    timekey 1h\n  </buffer>\n</match>\n'
    )
    match = root.named("match")[0]
    assert match.argument == "a.** b.*"
    assert match.get("plain") == "some words"
    assert match.get("path") == "say \"#{ENV['A']}\" \\ #{b}"
    assert [p.ruby for p in match.parameters if p.name == "path"] == [("ENV['A']",)]
    assert match.get("single") == "it's #{no}"
    assert convert(match.get("list") or "", "array") == ["a", "b"]
    assert convert(match.get("pairs") or "", "hash") == {"a": 1}
    assert match.named("buffer")[0].argument == "tag, time"
    assert match.named("buffer")[0].line == 9


@pytest.mark.parametrize(
    ("value", "type_", "expected"),
    [
        ("10k", "size", 10240),
        ("8m", "size", 8388608),
        ("1G", "size", 1073741824),
        ("0.5", "time", 0.5),
        ("2h", "time", 7200),
        ("-1", "integer", -1),
        ("0.1", "float", 0.1),
        ("yes", "bool", True),
        ("a, b", "array", ["a", "b"]),
        ("a:1,b:2", "hash", {"a": "1", "b": "2"}),
    ],
)
def test_values_have_types(value: str, type_: str, expected: object) -> None:
    assert convert(value, type_) == expected


@pytest.mark.parametrize(
    ("value", "type_"),
    [("8MB", "size"), ("5sec", "time"), ("1S", "time"), ("maybe", "bool"), ("1.5", "integer"), ("x", "float")],
)
def test_values_of_other_types_are_refused(value: str, type_: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        convert(value, type_)


GOOD = (
    "<source>\n@type tail\n@label @s3\ntag a\npath /a/*\npos_file /b/a.pos\n<parse>\n@type none\n</parse>\n</source>\n"
    "<label @s3>\n<match **>\n@type s3\ns3_bucket b\n<format>\n@type single_value\n</format>\n"
    "<buffer tag>\n@type file\npath /b/buffer\n</buffer>\n</match>\n</label>\n"
)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("tag a", "tagg a", "2: <source> needs tag"),
        ("tag a", "tag a\nfollow_inodes true", "6: follow_inodes is not in"),
        ("@label @s3", "@label @s4", "there is no label @s4"),
        ("s3_bucket b", "s3_bucket b\nstore_as zip", "store_as: zip is none of"),
        ("s3_bucket b\n", "", "needs s3_bucket"),
        ("<parse>\n@type none\n</parse>\n", "", "needs <parse>"),
        ("@type file", "@type memory", "<buffer> with @type memory is not known"),
        ("<match **>", "<match>", "<match> has no pattern"),
        ("path /b/buffer", "path /b/buffer\nflush_interval 5sec", "flush_interval: '5sec' is not of the type time"),
    ],
)
def test_each_departure_from_the_documentation_is_named(old: str, new: str, complaint: str) -> None:
    assert complaints(parse(GOOD), (1, 2)) == []
    found = complaints(parse(GOOD.replace(old, new, 1)), (1, 2))
    assert any(complaint.split(": ", 1)[-1] in line for line in found), found
