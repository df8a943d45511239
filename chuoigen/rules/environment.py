"""Environment variables and build arguments: their names, and values that should not stand in a spec."""

import math
import re
from collections.abc import Iterator

from chuoigen.aws import names
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import ENGLISH
from chuoigen.yaml.document import KeyPath

_RECOGNISED = (
    (r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b", "the id of an AWS access key"),
    (r"-----BEGIN [A-Z ]*PRIVATE KEY-----", "a private key"),
    (r"(?<=[a-zA-Z0-9+.-])://[^\s/:@]*:[^\s/@$<{]+@", "an address with a password in it"),
    (r"\bgh[oprsu]_[A-Za-z0-9]{36}\b", "a GitHub token"),
    (r"\bxox[abprs]-[A-Za-z0-9-]{10,}", "a Slack token"),
    (r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.", "a JSON web token"),
)
"""What a secret is known by, with the words for it."""

_WORDS = r"(?:SECRET|PASSWORD|PASSWD|PASSPHRASE|TOKEN|CREDENTIALS?|PRIVATE_?KEY|API_?KEY|ACCESS_?KEY|SECRET_KEY_BASE)"
_NAMED = rf"(?:.*[^A-Za-z])?{_WORDS}|.*PASSWORD"
"""A name that ends in such a word says that the value is the secret; PASSWORD_MIN_LENGTH and TOKEN_URL do not."""
_HARMLESS = r"|true|false|yes|no|none|null|on|off|\d{1,6}|/.*|arn:.*|https?://[^@]*|\$\{.*\}|<.*>"
_RANDOM_LENGTH = 32
_RANDOM_BITS = 4.0
"""Entropy of one character; words and host names stay below, random Base64 of 32 characters is above."""

_INTERPOLATION = r"\$\{[A-Za-z_][A-Za-z0-9_]*(?:[:?+-](?:[^}$]|\$(?!\{))*+)?\}"
_REFERENCES = "{ ssm: /path/of/the/parameter } or { secrets_manager: name-or-arn }"
_MOVE = f"put the value into a store, and write under secrets {_REFERENCES}"
_ARGUMENT_HELP = (
    "read the value when the container starts, from a variable under secrets; "
    "where nothing confidential hangs on it, silence this line with the reason"
)


def _texts(subject: Subject) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield every variable and build argument whose text stands in the spec: path, name, text."""
    for name, container in subject.spec.containers.items():
        for variable, value in container.environment.items():
            if value.value is not None:
                yield ("containers", name, "environment", variable), variable, value.value
        for argument, written in (container.build.args if container.build else {}).items():
            if written.value is not None:
                yield ("containers", name, "build", "args", argument), argument, written.value


def _recognised(text: str) -> str | None:
    return next((words for expression, words in _RECOGNISED if re.search(expression, text)), None)


def _possible(name: str, text: str) -> str | None:
    """Say why a value may be a secret, or None. A value that says where a secret is kept is none itself."""
    if re.fullmatch(_HARMLESS, text, re.IGNORECASE):
        return None
    if re.fullmatch(_NAMED, name.upper()):
        return "its name says that it is a secret"
    if len(text) >= _RANDOM_LENGTH and re.fullmatch(r"[A-Za-z0-9+/_-]+={0,2}", text) and _looks_random(text):
        return "its value looks random"
    return None


def _looks_random(text: str) -> bool:
    if not all(re.search(kind, text) for kind in ("[A-Z]", "[a-z]", r"\d")):
        return False
    shares = [text.count(character) / len(text) for character in set(text)]
    return -sum(share * math.log2(share) for share in sorted(shares)) >= _RANDOM_BITS


def _is_argument(path: KeyPath) -> bool:
    return "args" in path[2:4]


def _in_both(subject: Subject) -> Iterator[Finding]:
    for name, container in subject.spec.containers.items():
        for variable in container.environment:
            if variable in container.secrets:
                yield Finding(
                    ("containers", name, "environment", variable),
                    f'variable "{variable}" of container "{name}" stands in environment and in secrets',
                    "delete one of the two; what is confidential stays under secrets",
                    on_key=True,
                    related=((("containers", name, "secrets", variable), "it is a secret here"),),
                )


def _secret_in_environment(subject: Subject) -> Iterator[Finding]:
    for path, name, text in _texts(subject):
        words = _recognised(text)
        if words and not _is_argument(path):
            yield Finding(path, f'variable "{name}" holds {words}', _MOVE)


def _possible_secret(subject: Subject) -> Iterator[Finding]:
    for path, name, text in _texts(subject):
        if _is_both(subject, path, name) or _recognised(text):
            continue
        why = _possible(name, text)
        if why and _is_argument(path):
            yield Finding(path, f'build argument "{name}" may hold a secret: {why}', _ARGUMENT_HELP)
        elif why:
            yield Finding(path, f'variable "{name}" may hold a secret: {why}', _MOVE)


def _is_both(subject: Subject, path: KeyPath, name: str) -> bool:
    return not _is_argument(path) and name in subject.spec.containers[str(path[1])].secrets


def _secret_in_argument(subject: Subject) -> Iterator[Finding]:
    for name, container in subject.spec.containers.items():
        for argument, written in (container.build.args if container.build else {}).items():
            stored = written.ssm is not None or written.secrets_manager is not None
            words = "a secret" if stored else _recognised(written.value or "")
            if words:
                yield Finding(
                    ("containers", name, "build", "args", argument),
                    f'build argument "{argument}" of container "{name}" holds {words}, and stays in the image',
                    _ARGUMENT_HELP,
                )


def _names(subject: Subject) -> Iterator[tuple[KeyPath, str]]:
    for name, container in subject.spec.containers.items():
        for variable in container.environment:
            yield ("containers", name, "environment", variable), variable
        for variable in container.secrets:
            if variable not in container.environment:
                yield ("containers", name, "secrets", variable), variable


def _invalid_name(subject: Subject) -> Iterator[Finding]:
    for path, variable in _names(subject):
        complaint = names.violation(names.Kind.ENVIRONMENT_VARIABLE, variable)
        if complaint:
            message = f'the name of variable "{variable}" {ENGLISH.text(complaint)}'
            yield Finding(path, message, "write a name of letters, digits and underscores", on_key=True)
    for name, container in subject.spec.containers.items():
        for argument in container.build.args if container.build else ():
            complaint = names.violation(names.Kind.SHELL_VARIABLE, argument)
            if complaint:
                path = ("containers", name, "build", "args", argument)
                message = f'the name of build argument "{argument}" {ENGLISH.text(complaint)}'
                yield Finding(path, message, "write a name of letters, digits and underscores", on_key=True)
    for name, backend in subject.spec.backends.items():
        complaint = names.violation(names.Kind.SHELL_VARIABLE, backend.pool.variable) if backend.pool else None
        if complaint and backend.pool:
            message = f'the name of variable "{backend.pool.variable}" {ENGLISH.text(complaint)}'
            path = ("backends", name, "pool", "variable")
            yield Finding(path, message, "write a name of letters, digits and underscores")


def _unportable_name(subject: Subject) -> Iterator[Finding]:
    for path, variable in _names(subject):
        complaint = names.violation(names.Kind.SHELL_VARIABLE, variable)
        if complaint and not names.violation(names.Kind.ENVIRONMENT_VARIABLE, variable):
            message = f'variable "{variable}" cannot be read by a shell: its name {ENGLISH.text(complaint)}'
            yield Finding(path, message, "write a name of letters, digits and underscores", on_key=True)


def _interpolation(subject: Subject) -> Iterator[Finding]:
    for path, name, text in _texts(subject):
        found = re.search(_INTERPOLATION, text)
        if found and not _recognised(text):
            yield Finding(
                path,
                f'"{name}" holds {found[0]}, which nothing replaces: it arrives as these characters',
                "write the value itself; { ref: … } takes one from the spec, secrets one from a store",
            )


RULES: tuple[Rule, ...] = (
    Rule("CG610", "variable-in-environment-and-secrets", Severity.ERROR, _in_both),
    Rule("CG611", "secret-in-environment", Severity.ERROR, _secret_in_environment, secret=True),
    Rule("CG612", "possible-secret", Severity.WARNING, _possible_secret, secret=True),
    Rule("CG613", "secret-in-build-argument", Severity.ERROR, _secret_in_argument, secret=True),
    Rule("CG614", "variable-name-format", Severity.ERROR, _invalid_name),
    Rule("CG615", "unportable-variable-name", Severity.WARNING, _unportable_name),
    Rule("CG616", "interpolated-variable", Severity.WARNING, _interpolation),
)
