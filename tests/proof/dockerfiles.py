"""A small parser of Dockerfiles: instructions with their flags and words, stage by stage."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass

KEYWORDS = frozenset(
    [
        "FROM",
        "RUN",
        "COPY",
        "ADD",
        "ENV",
        "ARG",
        "LABEL",
        "WORKDIR",
        "USER",
        "EXPOSE",
        "VOLUME",
        "ENTRYPOINT",
        "CMD",
        "STOPSIGNAL",
        "HEALTHCHECK",
        "SHELL",
        "ONBUILD",
    ]
)


@dataclass(frozen=True)
class Instruction:
    """An instruction: its flags (--name=value), and its words, which for RUN are commands parted by &&."""

    keyword: str
    flags: dict[str, str]
    words: tuple[str, ...]
    rest: str


def parse(text: str) -> list[list[Instruction]]:
    """Return the instructions of each stage; what stands before the first FROM is a ValueError, as any odd line is."""
    joined = re.sub(r"\\\n", " ", re.sub(r"(?m)^\s*#.*\n", "", text))
    stages: list[list[Instruction]] = []
    for line in filter(str.strip, joined.split("\n")):
        keyword, _, rest = line.partition(" ")
        if keyword not in KEYWORDS or not rest.strip():
            raise ValueError(f"not an instruction: {line}")
        if keyword == "FROM":
            stages.append([])
        elif not stages:
            raise ValueError(f"before the first FROM: {line}")
        stages[-1].append(_instruction(keyword, rest.strip()))
    return stages


def _instruction(keyword: str, rest: str) -> Instruction:
    flags = {}
    while found := re.match(r"--([a-z-]+)=(\S+)\s+", rest):
        flags[found[1]] = found[2]
        rest = rest[found.end() :]
    if rest.startswith("["):
        words = json.loads(rest)
    elif keyword == "RUN":
        words = [part.strip() for part in re.split(r"\s&&\s", rest)]
    else:
        words = shlex.split(rest)
    return Instruction(keyword, flags, tuple(words), re.sub(r"\s+", " ", rest))


def values(stage: list[Instruction], keyword: str) -> list[tuple[str, ...]]:
    """Return the words of each instruction of one kind."""
    return [instruction.words for instruction in stage if instruction.keyword == keyword]


def commands(stage: list[Instruction]) -> list[str]:
    """Return every command that RUN gives, with single spaces."""
    return [re.sub(r"\s+", " ", word) for words in values(stage, "RUN") for word in words]
