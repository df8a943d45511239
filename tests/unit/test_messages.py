"""Messages into text: placeholders, lists, plurals, keys, parts, and both languages."""

from __future__ import annotations

import pytest

from chuoigen.messages import ENGLISH, Argument, InLanguages, Key, Message, Reader, Texts, reader, verbatim

CATALOGUES = {
    "en": {
        "port": {
            "summary": "A port is taken.",
            "message": 'port {port} of "{container}" is taken',
            "help": "write another {ports!k}",
            "twice": {"message": "{count:#port|ports} {count:is|are} taken: {names:quoted and}"},
            "silent": {"message": "taken", "help": ""},
            "short": "taken again",
        },
        "choice": "one of {names:quoted or}, not {other}; { ssm: /path } and {{container}} stay",
        "nested": "it {fault}",
        "reason": {"message": "because {cause}", "help": "so: {cause:help}"},
        "fault": "has {max} characters",
        "timeout": "{stop_timeout!k} is {seconds} s",
    },
    "ja": {"port": {"message": "コンテナ「{container}」のポート {port} は使用中です"}, "choice": "{names:or}"},
}


@pytest.fixture(autouse=True)
def catalogues(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "catalogue", lambda _, language: CATALOGUES[language])


say = Texts("tests.module")
PORT = say("port", port=80, container="web")


def test_a_message_is_data() -> None:
    assert Message("tests.module", "port", (("port", 80), ("container", "web"))) == PORT
    assert PORT.named == {"port": 80, "container": "web"}


def test_the_parts_of_an_entry() -> None:
    assert ENGLISH.text(PORT) == 'port 80 of "web" is taken'
    assert ENGLISH.help(PORT) == "write another ports"
    assert ENGLISH.text(PORT, "summary") == "A port is taken."


def test_each_language_has_its_own_order() -> None:
    assert Reader("ja").text(PORT) == "コンテナ「web」のポート 80 は使用中です"


def test_what_a_language_lacks_is_english() -> None:
    assert Reader("ja").text(say("timeout", seconds=3)) == "stop_timeout is 3 s"


@pytest.mark.parametrize(
    ("names", "text"), [(("a",), '1 port is taken: "a"'), (("a", "b", "c"), '3 ports are taken: "a", "b" and "c"')]
)
def test_a_variant_takes_the_help_of_its_rule(names: tuple[str, ...], text: str) -> None:
    twice = say("port.twice", count=len(names), names=names)
    assert ENGLISH.text(twice) == text
    assert ENGLISH.help(twice) == "write another ports"
    assert ENGLISH.help(say("port.short")) == "write another ports"
    assert ENGLISH.help(say("port.silent")) == ""


@pytest.mark.parametrize(("names", "text"), [((), ""), (("a",), "a"), (("a", "b", "c"), "a、b または c")])
def test_lists_are_as_the_language_has_them(names: tuple[str, ...], text: str) -> None:
    assert Reader("ja").text(say("choice", names=names)) == text


def test_braces_that_are_no_placeholder_are_text() -> None:
    message = say("choice", names=("a", "b"), other="c")
    assert ENGLISH.text(message) == 'one of "a" or "b", not c; { ssm: /path } and {container} stay'


def test_an_argument_is_never_read_as_a_template() -> None:
    assert ENGLISH.text(say("nested", fault="{port}")) == "it {port}"


@pytest.mark.parametrize(
    ("argument", "text"), [(say("fault", max=32), "it has 32 characters"), (Key(("task", "cpu")), "it cpu")]
)
def test_an_argument_may_be_a_message_or_a_key(argument: Argument, text: str) -> None:
    assert ENGLISH.text(say("nested", fault=argument)) == text


def test_a_message_may_pass_on_the_help_of_an_argument() -> None:
    assert ENGLISH.help(say("reason", cause=PORT)) == "so: write another ports"


def test_a_text_may_be_there_in_some_languages() -> None:
    words = say("nested", fault=InLanguages((("en", "rains"), ("ja", "雨"))))
    assert (ENGLISH.text(words), Reader("ja").text(words)) == ("it rains", "it 雨")
    assert Reader("ja").text(say("nested", fault=InLanguages((("en", "rains"),)))) == "it "


def test_keys_are_in_the_words_of_the_file() -> None:
    class Camel:
        def word(self, path: tuple[str | int, ...]) -> str:
            return {"stop_timeout": "stopTimeout"}[str(path[-1])]

    assert Reader(words=Camel()).text(say("timeout", seconds=3)) == "stopTimeout is 3 s"


def test_the_same_text_in_every_language() -> None:
    same = verbatim("{x}", "do it")
    assert (Reader("ja").text(same), Reader("ja").help(same)) == ("{x}", "do it")


@pytest.mark.parametrize("message", [say("unheard-of"), say("port.unheard-of"), say("port", port=80)])
def test_what_has_no_text_is_a_bug(message: Message) -> None:
    with pytest.raises(KeyError):
        ENGLISH.text(message)
