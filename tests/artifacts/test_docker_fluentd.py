"""Does fluent.conf say where lines come from, where they go and what happens to them at the end?"""

from __future__ import annotations

import re

from tests.artifacts.docker_specs import HOSTILE, MODERN, OLD, files


def test_fluent_conf_says_every_line_once_and_flushes_at_shutdown() -> None:
    conf = files(MODERN)["docker/log/fluent.conf"]
    assert settings(conf, "source") == {
        "@type": "tail",
        "@label": "@s3",
        "path": '"/var/log/shop/*.log"',
        "tag": '"shop.logs"',
        "pos_file": '"/fluentd/state/logs.pos"',
        "read_from_head": "true",
        "follow_inodes": "true",
        "refresh_interval": "1s",
    }
    output = settings(conf, "match **")
    assert output["path"] == '"shop/${tag}/%Y/%m/%d/%H/"'
    assert output["s3_object_key_format"] == '"%{path}#{Socket.gethostname}_${chunk_id}.%{file_extension}"'
    assert (output["s3_bucket"], output["s3_region"]) == ("\"#{ENV['S3_BUCKET']}\"", "\"#{ENV['S3_REGION']}\"")
    assert {output[key] for key in ("check_apikey_on_start", "check_bucket", "check_object")} == {"false"}
    assert not re.search(r"aws_(key|sec)|credentials>", conf)
    buffer = settings(conf, "buffer tag,time")
    assert (buffer["@type"], buffer["path"]) == ("file", '"/fluentd/state/buffer"')
    assert (buffer["flush_at_shutdown"], buffer["flush_interval"]) == ("true", "\"#{ENV['FLUSH_INTERVAL'] || '30s'}\"")
    assert (buffer["chunk_limit_size"], buffer["total_limit_size"], buffer["overflow_action"]) == (
        "8m",
        "256m",
        "block",
    )


def test_fluent_conf_of_2018_uses_what_its_plugins_had() -> None:
    conf = files(OLD)["docker/log/fluent.conf"]
    assert "follow_inodes" not in conf  # in_tail has it since 1.12
    assert "${chunk_id}" not in conf  # since 1.4
    assert settings(conf, "match **")["hex_random_length"] == "16"


def test_hostile_words_stay_words_in_fluent_conf() -> None:
    conf = files(HOSTILE)["docker/log/fluent.conf"]
    assert settings(conf, "source")["path"] == r'"/var/log/a b/*\"\#{1}.log"'
    assert settings(conf, "match **")["path"] == r'"100%%/\#{1}/${tag}/%Y/%m/%d/%H/"'


def settings(conf: str, section: str) -> dict[str, str]:
    """Give the parameters of the first such section, without those of the sections in it."""
    lines = iter(line.strip() for line in conf.splitlines())
    next(line for line in lines if line == f"<{section}>")
    depth, found = 1, {}
    for line in lines:
        depth += (line.startswith("<") and not line.startswith("</")) - line.startswith("</")
        if depth == 0:
            break
        if depth == 1 and line and line[0] not in "#<":
            name, _, value = line.partition(" ")
            found[name] = value
    return found
