"""What containers and builds are told: variables, build arguments, references, secrets, environment files."""

import difflib
import math
import re
from collections.abc import Iterator

from chuoigen.aws import arn, names
from chuoigen.aws.names import Kind
from chuoigen.diagnostics import Severity
from chuoigen.lint.each import containers, each
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Key, Message, Texts
from chuoigen.plan.connections import written_pools
from chuoigen.plan.references import known_references, references_in
from chuoigen.spec.container import Container
from chuoigen.spec.values import WrittenArgument, WrittenSecret, WrittenValue
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)

_RECOGNISED = (
    (r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b", _say("kind.access-key")),
    (r"-----BEGIN [A-Z ]*PRIVATE KEY-----", _say("kind.private-key")),
    (r"(?<=[a-zA-Z0-9+.-])://[^\s/:@]*:[^\s/@$<{]+@", _say("kind.address")),
    (r"\bgh[oprsu]_[A-Za-z0-9]{36}\b", _say("kind.github")),
    (r"\b[rs]k_live_[A-Za-z0-9]{10,}", _say("kind.stripe")),
    (r"\bxox[abprs]-[A-Za-z0-9-]{10,}", _say("kind.slack")),
    (r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.", _say("kind.jwt")),
)
"""What a secret is known by, with what to call it."""

_PASSWORDS = r"PASS|PWD|PASSWORD|PASSWD|PASSPHRASE"
_WORDS = rf"(?:SECRET|{_PASSWORDS}|TOKEN|CREDENTIALS?|PRIVATE_?KEY|API_?KEY|ACCESS_?KEY|SECRET_KEY_BASE)"
_NAMED = rf"(?:.*[^A-Za-z])?{_WORDS}|.*PASSWORD"
"""A name that ends in such a word says that the value is the secret; PASSWORD_MIN_LENGTH and TOKEN_URL do not."""
_HARMLESS = r"|pk_(?:live|test)_.*|true|false|yes|no|none|null|on|off|\d{1,6}|/.*|arn:.*|https?://[^@]*|\$\{.*\}|<.*>"
_RANDOM_LENGTH = 32
_RANDOM_BITS = 4.0
"""Entropy of one character; words and host names stay below, random Base64 of 32 characters is above."""
_INTERPOLATION = r"\$\{[A-Za-z_][A-Za-z0-9_]*(?:[:?+-](?:[^}$]|\$(?!\{))*+)?\}"
_REFERENCE = (
    r"\{ {0,4}ref: {0,4}[\w.-]{1,200} {0,4}\}|\$?\{(?:backends|containers)\.[\w-]{1,100}\.(?:host|port|address)\}"
)
"""What looks like a reference of the language, and stands where none is read."""
_JSON_KEYS = ("key", "version_stage", "version_id")
"""What only a secret of Secrets Manager has."""

_Written = WrittenValue | WrittenArgument


def _variables(subject: Subject) -> Iterator[tuple[KeyPath, str, WrittenValue]]:
    """Yield path, name and value of every environment variable."""
    for name, container in subject.spec.containers.items():
        for variable, value in container.environment.items():
            yield ("containers", name, "environment", variable), variable, value


def _arguments(subject: Subject) -> Iterator[tuple[KeyPath, str, WrittenArgument]]:
    """Yield path, name and value of every build argument."""
    for name, container in subject.spec.containers.items():
        for argument, value in (container.build.args if container.build else {}).items():
            yield ("containers", name, "build", "args", argument), argument, value


def _values(subject: Subject) -> Iterator[tuple[KeyPath, str, _Written]]:
    yield from _variables(subject)
    yield from _arguments(subject)


def _is_argument(path: KeyPath) -> bool:
    return "args" in path[2:4]


def _called(path: KeyPath, name: str) -> Message:
    return _say("called.argument", name=name) if _is_argument(path) else _say("called.variable", name=name)


# --- values


def _text(value: _Written) -> str | None:
    return value.value if value.text is None else value.text


def _recognised(text: str) -> Message | None:
    return next((kind for expression, kind in _RECOGNISED if re.search(expression, text)), None)


def _possible(name: str, text: str) -> Message | None:
    """Say why a value may be a secret, or None. A value that says where a secret is kept is none itself."""
    if re.fullmatch(_HARMLESS, text, re.IGNORECASE):
        return None
    if re.fullmatch(_NAMED, name.upper()):
        return _say("sign.name")
    if len(text) >= _RANDOM_LENGTH and re.fullmatch(r"[A-Za-z0-9+/_-]+={0,2}", text) and _looks_random(text):
        return _say("sign.random")
    return None


def _looks_random(text: str) -> bool:
    if not all(re.search(kind, text) for kind in ("[A-Z]", "[a-z]", r"\d")):
        return False
    shares = [text.count(character) / len(text) for character in set(text)]
    return -sum(share * math.log2(share) for share in sorted(shares)) >= _RANDOM_BITS


@each(containers)
def _in_both(name: str, container: Container) -> Iterator[Finding]:
    for variable in container.environment:
        if variable in container.secrets:
            path = ("containers", name)
            words = _say("variable-in-environment-and-secrets", variable=variable, container=name)
            note = (*path, "secrets", variable), _say("variable-in-environment-and-secrets.note")
            yield Finding((*path, "environment", variable), words, on_key=True, related=(note,))


@each(_variables)
def _secret_in_environment(path: KeyPath, name: str, value: WrittenValue) -> Iterator[Finding]:
    kind = _recognised(_text(value) or "")
    if kind:
        yield Finding(path, _say("secret-in-environment", variable=name, kind=kind))


def _possible_secret(subject: Subject) -> Iterator[Finding]:
    for path, name, value in _values(subject):
        text, is_argument = _text(value), _is_argument(path)
        in_both = not is_argument and name in subject.spec.containers[str(path[1])].secrets
        why = None if text is None or in_both or _recognised(text) else _possible(name, text)
        if why and is_argument:
            yield Finding(path, _say("possible-secret.argument", argument=name, why=why))
        elif why:
            yield Finding(path, _say("possible-secret", variable=name, why=why))


@each(_arguments)
def _secret_in_argument(path: KeyPath, name: str, value: WrittenArgument) -> Iterator[Finding]:
    stored = value.ssm is not None or value.secrets_manager is not None
    kind = _say("kind.stored") if stored else _recognised(_text(value) or "")
    if kind:
        yield Finding(path, _say("secret-in-build-argument", argument=name, container=str(path[1]), kind=kind))


@each(_values)
def _interpolation(path: KeyPath, name: str, value: _Written) -> Iterator[Finding]:
    text = _text(value) or ""
    found = re.search(_INTERPOLATION, text)
    if found and not _recognised(text):
        yield Finding(path, _say("interpolated-variable", name=name, found=found[0]))


# --- names


def _named(subject: Subject) -> Iterator[tuple[KeyPath, str]]:
    """Yield path and name of every variable of a container, once."""
    for name, container in subject.spec.containers.items():
        for variable in container.environment:
            yield ("containers", name, "environment", variable), variable
        for variable in container.secrets:
            if variable not in container.environment:
                yield ("containers", name, "secrets", variable), variable


def _invalid_name(subject: Subject) -> Iterator[Finding]:
    for path, kind, name, on_key in _written_names(subject):
        violation = names.violation(kind, name)
        if violation:
            yield Finding(path, _say("variable-name-format", name=name, violation=violation), on_key=on_key)
    for path, argument, _ in _arguments(subject):
        violation = names.violation(Kind.SHELL_VARIABLE, argument)
        if violation:
            words = _say("variable-name-format.argument", name=argument, violation=violation)
            yield Finding(path, words, on_key=True)


def _written_names(subject: Subject) -> Iterator[tuple[KeyPath, Kind, str, bool]]:
    """Yield each name of a variable: path, kind, name, and whether it is a key."""
    for path, variable in _named(subject):
        yield path, Kind.ENVIRONMENT_VARIABLE, variable, True
    for name, container in subject.spec.containers.items():
        for variable in getattr(container.build, "secrets", {}):
            yield ("containers", name, "build", "secrets", variable), Kind.SHELL_VARIABLE, variable, True
    for name, backend in subject.spec.backends.items():
        for path, pool in written_pools(backend):
            yield ("backends", name, *path, "variable"), Kind.SHELL_VARIABLE, pool.variable, False


@each(_named)
def _unportable_name(path: KeyPath, variable: str) -> Iterator[Finding]:
    violation = names.violation(Kind.SHELL_VARIABLE, variable)
    if violation and not names.violation(Kind.ENVIRONMENT_VARIABLE, variable):
        yield Finding(path, _say("unportable-variable-name", name=variable, violation=violation), on_key=True)


# --- references


def _unknown_reference(subject: Subject) -> Iterator[Finding]:
    known = tuple(known_references(subject.spec))
    for path, name, value in _values(subject):
        written = [("ref", value.ref)] if value.ref is not None else []
        written += [("text", piece) for kind, piece in references_in(value.text or "") if kind == "ref"]
        for key, reference in dict.fromkeys(written):
            if reference in known:
                continue
            what, near = _called(path, name), difflib.get_close_matches(reference, known, 1)
            variant, meant = ("close.text", f"{{{near[0]}}}") if near and key == "text" else ("close", "".join(near))
            words = (
                _say(f"unknown-reference.{variant}", what=what, reference=reference, meant=meant)
                if near
                else _say("unknown-reference", what=what, reference=reference, references=known)
            )
            yield Finding((*path, key), words)


def _plain_texts(subject: Subject) -> Iterator[tuple[KeyPath, str]]:
    """Yield the texts in which a reference has no meaning: values, words that are run, labels."""
    for path, _, value in _values(subject):
        if value.value is not None:
            yield path, value.value
    for name, container in containers(subject):
        check = container.healthcheck.command if container.healthcheck else None
        lists = (("command",), container.command), (("entrypoint",), container.entrypoint)
        for key, words in (*lists, (("healthcheck", "command"), check)):
            yield from ((("containers", name, *key, index), word) for index, word in enumerate(words or ()))
        yield from ((("containers", name, "labels", label), text) for label, text in container.labels.items())


@each(_plain_texts)
def _unread_reference(path: KeyPath, text: str) -> Iterator[Finding]:
    found = re.search(_REFERENCE, text)
    if found:
        variant = "value" if "environment" in path or "args" in path else "elsewhere"
        yield Finding(path, _say(f"unread-reference.{variant}", found=found[0]))


@each(_values)
def _ambiguous_value(path: KeyPath, name: str, value: _Written) -> Iterator[Finding]:
    keys = ("value", "ref", "text", *(("ssm", "secrets_manager") if isinstance(value, WrittenArgument) else ()))
    written = tuple(Key((key,)) for key in keys if getattr(value, key) is not None)
    ways, what = tuple(Key((key,)) for key in keys), _called(path, name)
    if len(written) > 1:
        yield Finding(path, _say("ambiguous-value", what=what, keys=written, ways=ways))
    elif not written:
        yield Finding(path, _say("ambiguous-value.none", what=what, ways=ways))


# --- secrets


def _runtime_secrets(subject: Subject) -> Iterator[tuple[KeyPath, str, WrittenSecret]]:
    """Yield what ECS reads when a task starts: variables and options of log drivers."""
    for name, container in subject.spec.containers.items():
        for variable, secret in container.secrets.items():
            yield ("containers", name, "secrets", variable), variable, secret
        for option, secret in (container.logs.secret_options if container.logs else {}).items():
            yield ("containers", name, "logs", "secret_options", option), option, secret
    for option, secret in (subject.spec.logs.secret_options if subject.spec.logs else {}).items():
        yield ("logs", "secret_options", option), option, secret


def _all_secrets(subject: Subject) -> Iterator[tuple[KeyPath, str, WrittenSecret | WrittenArgument]]:
    yield from _runtime_secrets(subject)
    yield from _arguments(subject)


@each(_runtime_secrets)
def _ambiguous_secret(path: KeyPath, name: str, secret: WrittenSecret) -> Iterator[Finding]:
    if secret.ssm is not None and secret.secrets_manager is not None:
        yield Finding(path, _say("ambiguous-secret", secret=name))
    elif secret.ssm is None and secret.secrets_manager is None:
        yield Finding(path, _say("ambiguous-secret.none", secret=name))


def _places(subject: Subject) -> Iterator[tuple[KeyPath, str, str, str]]:
    """Yield the name or ARN of every secret: path, what it is called here, its store, what was written."""
    for path, name, secret in _all_secrets(subject):
        if secret.ssm is not None:
            yield (*path, "ssm"), name, "ssm", secret.ssm
        if secret.secrets_manager is not None:
            yield (*path, "secrets_manager"), name, "secretsmanager", secret.secrets_manager
    for name, container in subject.spec.containers.items():
        login = container.repository_credentials
        if login is not None:
            path = ("containers", name, "repository_credentials", "secrets_manager")
            yield path, "repository_credentials", "secretsmanager", login.secrets_manager


def _place_violation(store: str, written: str) -> Message | None:
    if not written.startswith("arn:"):
        return names.violation(Kind.SSM_PARAMETER if store == "ssm" else Kind.SECRETS_MANAGER_SECRET, written)
    if store == "ssm":
        parsed = arn.parse(written)
        if parsed is None or parsed.service != store or not parsed.resource.startswith("parameter/"):
            return _say("violation.parameter-arn")
        return _strange(Kind.SSM_PARAMETER, parsed.resource.removeprefix("parameter"))
    secret = arn.parse_secret(written)
    if secret is None:
        return _say("violation.secret-arn")
    # A secret that another service manages has that service before a "!": rds!db-… (AWS documentation, 'AWS Secrets
    # Manager secrets managed by other AWS services', checked 2026-11-27).
    return _strange(Kind.SECRETS_MANAGER_SECRET, secret.arn.rpartition(":")[2].replace("!", "", 1))


def _strange(kind: Kind, name: str) -> Message | None:
    """Say which characters no name within an ARN has; a pattern has a rule of its own, and AWS's own names are its."""
    violation = names.violation(kind, re.sub(arn.PATTERN, "", name))
    return violation if violation and violation.id == "characters" else None


def _secret_format(subject: Subject) -> Iterator[Finding]:
    for path, name, store, written in _places(subject):
        violation = _place_violation(store, written)
        if violation and store == "ssm":
            yield Finding(path, _say("secret-format.parameter", secret=name, place=written, violation=violation))
        elif violation:
            variant = "suffix" if violation.id == "fault.secret-suffix" else "secret"
            yield Finding(path, _say(f"secret-format.{variant}", secret=name, place=written, violation=violation))
    for name, container in containers(subject):
        login = container.repository_credentials
        parsed = arn.parse_secret(login.secrets_manager) if login is not None else None
        if parsed is not None and (parsed.key or parsed.version_stage or parsed.version_id):
            yield Finding(
                ("containers", name, "repository_credentials", "secrets_manager"), _say("secret-format.login")
            )
    for path, name, secret in _all_secrets(subject):
        for key in _JSON_KEYS if secret.secrets_manager is not None else ():
            if ":" in (getattr(secret, key) or ""):
                yield Finding((*path, key), _say("secret-format.colon", key=Key((key,)), secret=name))


def _foreign_secret(subject: Subject) -> Iterator[Finding]:
    aws = subject.spec.aws
    for path, name, store, written in _places(subject):
        parsed = arn.parse(written)
        if parsed is None or _place_violation(store, written):
            continue
        if parsed.region != aws.region and not names.violation(Kind.REGION, aws.region):
            key, words = "region", _say("foreign-secret.region", secret=name, there=parsed.region, here=aws.region)
        elif parsed.account != aws.account and not names.violation(Kind.ACCOUNT_ID, aws.account):
            key, words = "account", _say("foreign-secret.account", secret=name, there=parsed.account, here=aws.account)
        else:
            continue
        yield Finding(path, words, related=((("aws", key), _say("foreign-secret.note")),))


def _behind(secret: WrittenSecret | WrittenArgument) -> dict[str, str]:
    """Return key and version that stand behind an ARN in the form of ECS, by their keys; "" where they do not."""
    given = arn.parse_secret(secret.secrets_manager or "")
    return {key: getattr(given, key, "") for key in _JSON_KEYS}


@each(_all_secrets)
def _said_twice(path: KeyPath, name: str, secret: WrittenSecret | WrittenArgument) -> Iterator[Finding]:
    for key, text in _behind(secret).items():
        if text and getattr(secret, key) is not None:
            note = (*path, "secrets_manager"), _say("secret-key-twice.note")
            words = _say("secret-key-twice", key=Key((key,)), secret=name)
            yield Finding((*path, key), words, on_key=True, related=(note,))


@each(_all_secrets)
def _version(path: KeyPath, name: str, secret: WrittenSecret | WrittenArgument) -> Iterator[Finding]:
    behind = _behind(secret)
    said = [key for key in ("version_stage", "version_id") if getattr(secret, key) is not None or behind[key]]
    if secret.secrets_manager is not None and len(said) > 1:
        own = secret.version_id is not None
        place = (*path, "version_id" if own else "secrets_manager")
        yield Finding(place, _say("two-secret-versions", secret=name), on_key=own)


@each(_all_secrets)
def _misplaced_key(path: KeyPath, name: str, secret: WrittenSecret | WrittenArgument) -> Iterator[Finding]:
    for key in _JSON_KEYS if secret.secrets_manager is None else ():
        if getattr(secret, key) is not None:
            words = _say("parameter-with-json-key", secret=name, key=Key((key,)))
            yield Finding((*path, key), words, on_key=True)


RULES: tuple[Rule, ...] = (
    Rule("CG601", "unknown-reference", Severity.ERROR, _unknown_reference),
    Rule("CG618", "unread-reference", Severity.WARNING, _unread_reference, generated=True),
    Rule("CG602", "ambiguous-value", Severity.ERROR, _ambiguous_value),
    Rule("CG610", "variable-in-environment-and-secrets", Severity.ERROR, _in_both),
    Rule("CG611", "secret-in-environment", Severity.ERROR, _secret_in_environment, secret=True),
    Rule("CG612", "possible-secret", Severity.WARNING, _possible_secret, secret=True),
    Rule("CG613", "secret-in-build-argument", Severity.ERROR, _secret_in_argument, secret=True),
    Rule("CG614", "variable-name-format", Severity.ERROR, _invalid_name),
    Rule("CG615", "unportable-variable-name", Severity.WARNING, _unportable_name),
    Rule("CG616", "interpolated-variable", Severity.WARNING, _interpolation),
    Rule("CG619", "secret-key-twice", Severity.ERROR, _said_twice),
    Rule("CG620", "ambiguous-secret", Severity.ERROR, _ambiguous_secret),
    Rule("CG621", "secret-format", Severity.ERROR, _secret_format),
    Rule("CG622", "foreign-secret", Severity.WARNING, _foreign_secret),
    Rule("CG623", "two-secret-versions", Severity.ERROR, _version),
    Rule("CG624", "parameter-with-json-key", Severity.ERROR, _misplaced_key),
)
