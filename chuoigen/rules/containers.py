"""The containers themselves: how many, of which image, running which words, fed by which files."""

import re
from collections.abc import Iterator, Sequence

from chuoigen.aws import arn, limits, names
from chuoigen.diagnostics import Severity
from chuoigen.lint.each import containers, each
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import ENGLISH
from chuoigen.spec.container import Container
from chuoigen.yaml.document import KeyPath

_MOVING_TAGS = ("latest", "edge", "main", "master", "nightly", "stable")
_VARIABLE = re.compile(r"\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*)")
_SHELL_WORDS = ("&&", "||", "|", ">", ">>", "<", ";", "&")
_SHELLS = ("sh", "ash", "bash", "dash", "zsh", "busybox", "env")
# What ECS's JSON puts around a name and its value: quotes, the two keys, brackets, commas.
_PAIR_OVERHEAD_BYTES = 24


def _no_container(subject: Subject) -> Iterator[Finding]:
    if not subject.spec.containers:
        yield Finding(
            ("containers",),
            "the spec has no container, and a task runs at least one",
            "write one: app: { image: … } or app: { build: { recipe: … } }",
            on_key=True,
        )


def _too_many(subject: Subject) -> Iterator[Finding]:
    containers = list(subject.spec.containers)
    if len(containers) > limits.CONTAINERS_MAX:
        yield Finding(
            ("containers", containers[limits.CONTAINERS_MAX]),
            f"the task has {len(containers)} containers, and ECS takes at most {limits.CONTAINERS_MAX}",
            "run some of them as a service of their own: another spec",
            on_key=True,
        )


@each(containers)
def _missing_image(name: str, container: Container) -> Iterator[Finding]:
    if container.image is None and container.build is None:
        yield Finding(
            ("containers", name),
            f'container "{name}" has no image and no build',
            "write image, or build with a recipe or a dockerfile",
            on_key=True,
        )


def _image_and_build(subject: Subject) -> Iterator[Finding]:
    for name, container in subject.spec.containers.items():
        if container.image is not None and container.build is not None:
            yield Finding(
                ("containers", name, "image"),
                f'container "{name}" has both an image and a build; one of them would never run',
                "delete image; to name the repository of what is built, write build: { repository: … }",
                on_key=True,
                related=((("containers", name, "build"), "the build is here"),),
            )


def _no_essential(subject: Subject) -> Iterator[Finding]:
    containers = subject.spec.containers
    if containers and not any(container.essential for container in containers.values()):
        first = next(iter(containers))
        yield Finding(
            ("containers", first, "essential"),
            "no container of the task is essential, so that the task would never end with any of them",
            "delete essential: false in the container that does the work",
        )


def _name_format(subject: Subject) -> Iterator[Finding]:
    for name in subject.spec.containers:
        complaint = names.violation(names.Kind.CONTAINER, name)
        if complaint:
            yield Finding(
                ("containers", name),
                f'container name "{name}" {ENGLISH.text(complaint)}',
                "rename the container",
                on_key=True,
            )


def _images(container: Container) -> Iterator[tuple[KeyPath, str]]:
    """Yield the images that a container names, with their keys: what it runs, and what a recipe starts from."""
    if container.image is not None:
        yield ("image",), container.image
    for key in ("base", "builder", "runtime"):
        image = getattr(container.build, key, None)
        if image is not None:
            yield ("build", key), image


def _image_reference(subject: Subject) -> Iterator[Finding]:
    for name, container in subject.spec.containers.items():
        for key, image in _images(container):
            complaint = names.violation(names.Kind.IMAGE_REFERENCE, image)
            if complaint:
                yield Finding(
                    ("containers", name, *key),
                    f'image "{image}" {ENGLISH.text(complaint)}',
                    "write it as docker pull takes it, for example nginx:1.28.0; a spec has no variables",
                )


def _mutable_tag(subject: Subject) -> Iterator[Finding]:
    for name, container in subject.spec.containers.items():
        image = container.image
        if image is None or "@" in image or names.violation(names.Kind.IMAGE_REFERENCE, image):
            continue
        _, colon, tag = image.rpartition("/")[2].partition(":")
        if tag in _MOVING_TAGS or not colon:
            what = f'the tag "{tag}" moves' if colon else "no tag is named, which means latest"
            yield Finding(
                ("containers", name, "image"),
                f'image "{image}" of container "{name}" may be another one tomorrow: {what}',
                "name a version (nginx:1.28.0) or a digest (nginx@sha256:…)",
            )


def _shell_runs(words: Sequence[str]) -> bool:
    return bool(words) and words[0].rpartition("/")[2] in _SHELLS


def _word_lists(name: str, container: Container) -> Iterator[tuple[KeyPath, Sequence[str]]]:
    """Yield the lists of words that no shell reads, with their paths."""
    entrypoint, command = container.entrypoint or [], container.command or []
    if not _shell_runs(entrypoint):
        yield ("containers", name, "entrypoint"), entrypoint
        if not _shell_runs(command):
            yield ("containers", name, "command"), command
    check = container.healthcheck.command if container.healthcheck else None
    if check and check[0] != "CMD-SHELL" and not _shell_runs(check[1:] if check[0] == "CMD" else check):
        yield ("containers", name, "healthcheck", "command"), check


def _unexpanded(subject: Subject) -> Iterator[Finding]:
    for name, container in subject.spec.containers.items():
        for path, words in _word_lists(name, container):
            for index, word in enumerate(words):
                if word in _SHELL_WORDS or _VARIABLE.search(word):
                    yield Finding(
                        (*path, index),
                        f'"{word}" in {path[-1]} of container "{name}" stays as it is: no shell reads this list',
                        'where a shell is needed write ["sh", "-c", "exec …"], in a health check CMD-SHELL',
                    )
                    break


def _env_file(subject: Subject) -> Iterator[Finding]:
    for name, container in subject.spec.containers.items():
        for index, written in enumerate(container.env_files):
            parsed = arn.parse(written)
            bucket, slash, key = parsed.resource.partition("/") if parsed else ("", "", "")
            if parsed is None or parsed.service != "s3" or not (bucket and slash and key):
                fault = "is not the ARN of an object in S3"
            elif not key.endswith(".env"):
                fault = "does not end in .env, and ECS reads no other file"
            else:
                continue
            yield Finding(
                ("containers", name, "env_files", index),
                f'environment file "{written}" of container "{name}" {fault}',
                "write arn:aws:s3:::<bucket>/<path>.env",
            )


def _too_many_env_files(subject: Subject) -> Iterator[Finding]:
    most = limits.ENV_FILES_MAX
    for name, container in subject.spec.containers.items():
        if len(container.env_files) > most:
            yield Finding(
                ("containers", name, "env_files", most),
                f'container "{name}" has {len(container.env_files)} environment files; ECS takes {most}',
                "put variables of several files into one",
            )


def _bytes(container: Container) -> int:
    """Estimate what the container takes in the task definition, from below."""
    pairs = [(name, value.value or "") for name, value in container.environment.items()]
    pairs += [(name, str(secret.ssm or secret.secrets_manager or "")) for name, secret in container.secrets.items()]
    pairs += container.labels.items()
    words = [*(container.command or ()), *(container.entrypoint or ())]
    size = sum(len(f"{name}{value}".encode(errors="replace")) + _PAIR_OVERHEAD_BYTES for name, value in pairs)
    return size + sum(len(word.encode(errors="replace")) for word in words)


def _too_large(subject: Subject) -> Iterator[Finding]:
    sizes = {name: _bytes(container) for name, container in subject.spec.containers.items()}
    total, most = sum(sizes.values()), limits.TASK_DEFINITION_BYTES_MAX
    if total > most:
        largest = max(sizes, key=lambda name: sizes[name])
        yield Finding(
            ("containers", largest),
            f"the task definition would have more than {total} bytes, and ECS takes at most {most}; "
            f'container "{largest}" has {sizes[largest]} of them',
            "move variables into a file in S3 (env_files), or data out of the environment",
            on_key=True,
        )


RULES: tuple[Rule, ...] = (
    Rule("CG221", "no-container", Severity.ERROR, _no_container),
    Rule("CG222", "too-many-containers", Severity.ERROR, _too_many),
    Rule("CG223", "missing-image", Severity.ERROR, _missing_image),
    Rule("CG224", "image-and-build", Severity.ERROR, _image_and_build),
    Rule("CG225", "no-essential-container", Severity.ERROR, _no_essential),
    Rule("CG226", "container-name-format", Severity.ERROR, _name_format),
    Rule("CG227", "image-reference", Severity.ERROR, _image_reference),
    Rule("CG228", "mutable-image-tag", Severity.WARNING, _mutable_tag),
    Rule("CG229", "unexpanded-variable", Severity.WARNING, _unexpanded),
    Rule("CG233", "env-file-format", Severity.ERROR, _env_file),
    Rule("CG234", "too-many-env-files", Severity.ERROR, _too_many_env_files),
    Rule("CG235", "task-definition-too-large", Severity.ERROR, _too_large),
)
