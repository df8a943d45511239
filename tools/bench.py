"""Measure how long a command takes against the mere imports of its libraries, and specs per second.

It fails on no figure: a machine may be busy. The aims are ratios within one run.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
CHUOIGEN = str(Path(sys.executable).parent / "chuoigen")
SPEC = str(ROOT / "spec" / "qa.yaml")
LIBRARIES = "import typer, yaml; from pydantic import BaseModel"
LINT_AIM = 1.7
BUILD_AIM = 2.0
UNCHANGED_AIM = 0.1
PAIRS = 15
WARMING = 2
SPECS = 1000

# Sizes that Fargate admits, the smallest first (vCPU, MiB).
SIZES = [(0.25, 512), (0.25, 1024), (0.5, 1024), (0.5, 2048), (1, 2048), (1, 4096), (2, 4096), (4, 8192)]

# Bytecode is written and used, as on a user's machine.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def run(command: list[str]) -> float:
    """Run a command that must succeed, and return its seconds."""
    start = time.perf_counter()
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        print(done.stdout[-4000:], done.stderr[-4000:], sep="\n")
        sys.exit(f"{' '.join(command[:4])} … gave exit code {done.returncode}")
    return seconds


def compare(name: str, command: Callable[[int], list[str]], imports: str, aim: float) -> None:
    """Print the ratio of medians of interleaved runs, so that a busy machine slows both alike."""
    floor = [sys.executable, "-c", imports]
    runs = [(run(command(number)), run(floor)) for number in range(WARMING + PAIRS)]
    pairs = runs[WARMING:]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"{name}: {ours * 1000:.0f} ms against {theirs * 1000:.0f} ms of imports")
    print(f"  ratio {ours / theirs:.2f}, {verdict(ours / theirs, aim)}; medians of {PAIRS} pairs")


def verdict(ratio: float, aim: float) -> str:
    return f"{'within' if ratio <= aim else 'OVER'} the aim of {aim}"


def spec(number: int) -> str:
    """Write one of many specs, which differ in name, size, ports and containers; a number has one text."""
    cpu, memory = SIZES[number % len(SIZES)]
    containers = 1 + number // len(SIZES) % 4
    lines = [
        "chuoigen: 1",
        f"name: service-{number:04}",
        "stage: qa",
        'aws: { account: "999999999999", region: ap-northeast-1 }',
        f"task: {{ cpu: {cpu} vCPU, memory: {memory} MiB, execution_role: ecs-task-execution-role }}",
        "containers:",
        *(line for index in range(containers) for line in container(number, index)),
        "network:",
        f"  vpc: vpc-{number:017x}",
        f"  subnets: {{ private: [subnet-{2 * number:017x}, subnet-{2 * number + 1:017x}] }}",
        f"service: {{ cluster: cluster-{number % 7}, desired_count: {1 + number % 5} }}",
        f'logs: {{ group: "/service-{number:04}/{{container}}", retention: 30 days }}',
    ]
    return "\n".join(lines) + "\n"


def container(number: int, index: int) -> list[str]:
    return [
        f"  part-{index}:",
        f"    image: public.ecr.aws/example/part-{index}:1.{number % 13}.{index}",
        f"    ports: [{8000 + number % 1000 + index * 1000}]",
        f"    environment: {{ WORKERS: {1 + number % 16}, GREETING: hello-{number} }}",
        "    stop_timeout: 60s",
    ]


def throughput(folder: Path) -> None:
    """Print specs per second of runs over a thousand specs, Python's start included, with one process and with all."""
    paths = [folder / "spec" / f"service-{number:04}.yaml" for number in range(SPECS)]
    paths[0].parent.mkdir()
    for number, path in enumerate(paths):
        path.write_text(spec(number), encoding="utf-8")
    for name, options in (("one process", ["--jobs", "1"]), ("all processors", [])):
        out = str(folder / f"out-{len(options)}")
        lint = run([CHUOIGEN, "lint", str(paths[0].parent), *options])
        build = [CHUOIGEN, "build", str(paths[0].parent), "--out", out, *options]
        first, again, check = run(build), run(build), run([*build, "--check"])
        print(f"{SPECS} different specs with {name}:")
        for done, seconds in (
            ("linted", lint),
            ("built", first),
            ("unchanged, built", again),
            ("unchanged, checked", check),
        ):
            print(f"  {done}: {SPECS / seconds:.0f} a second ({seconds:.1f} s)")
        print(f"  unchanged against built: {check / first:.3f}, {verdict(check / first, UNCHANGED_AIM)}")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="chuoigen-bench-") as name:
        folder = Path(name)
        lint = [CHUOIGEN, "lint", SPEC]
        compare("chuoigen lint spec/qa.yaml", lambda _: lint, LIBRARIES, LINT_AIM)
        build = [CHUOIGEN, "build", SPEC, "--out"]
        compare(
            "chuoigen build spec/qa.yaml",
            lambda number: [*build, str(folder / f"cold-{number}")],
            f"{LIBRARIES}; import jinja2",
            BUILD_AIM,
        )
        throughput(folder)


if __name__ == "__main__":
    main()
