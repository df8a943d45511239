"""diagram.svg in a real browser: where boxes, texts and wires are once Chromium has laid them out with its fonts."""

from __future__ import annotations

import itertools
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chuoigen.artifacts import diagram
from chuoigen.inputs.load import load
from chuoigen.inputs.project import Project
from chuoigen.inputs.validation import validate
from chuoigen.plan import Plan, plan
from chuoigen.yaml.document import parse

pytestmark = [pytest.mark.proof, pytest.mark.needs("chromium")]

ROOT = Path(__file__).parents[2]

SMALLEST = """
chuoigen: 1
name: hello
aws: { account: "123456789012", region: eu-west-1 }
containers:
  hello: { image: "public.ecr.aws/docker/library/busybox:1.37" }
"""

WORKER = """
chuoigen: 1
name: worker
aws: { account: "123456789012", region: eu-west-1 }
volumes: { data: { efs: { file_system_id: fs-0123456789abcdef0, root_directory: /exports/data } } }
containers:
  worker:
    build: { dockerfile: Dockerfile }
    mounts: { data: /data }
backends:
  postgres: { host: db.example.com, port: 5432, max_connections: 200, pool: { container: worker, variable: P, size: 9 } }
network:
  vpc: vpc-0123456789abcdef0
  subnets: { private: [subnet-0123456789abcdef0] }
  allow: [{ from: worker, to: postgres }]
service: { cluster: jobs, desired_count: 3 }
"""

PUBLIC = """
chuoigen: 1
name: public
aws: { account: "123456789012", region: eu-west-1 }
containers:
  app: { image: "example/app:1", ports: [8080, 5353/udp], logs: { driver: awsfirelens, options: { Name: cloudwatch } } }
  envoy: { image: "example/envoy:1", ports: [9000, 9001] }
  router: { image: "example/router:1", essential: false, firelens: { type: fluentbit } }
network:
  vpc: vpc-0123456789abcdef0
  subnets: { public: [subnet-0123456789abcdef0] }
  allow:
    - { from: internet, to: envoy }
    - { from: 10.0.0.0/8, to: envoy, ports: [9001] }
    - { from: "2001:db8:aaaa:bbbb:cccc:dddd:eeee:0/112", to: app, ports: [8080] }
    - { from: envoy, to: app }
service: { cluster: edge, assign_public_ip: true }
"""

LONG = "a-name-as-long-as-somebody-who-has-never-seen-a-diagram-will-give"


def allowed(names: list[str]) -> list[tuple[str, str]]:
    """Give connections from everywhere, through all containers, to all backends."""
    return [
        ("internet", "alb"),
        ("203.0.113.0/24", "alb"),
        ("10.0.0.0/8", names[6]),
        ("sg-0123456789abcdef0", names[3]),
        ("alb", names[0]),
        *itertools.pairwise(names),
        (names[0], names[7]),
        (names[8], names[1]),
        (names[2], names[9]),
        *((name, f"b{number % 4}-{LONG}") for number, name in enumerate(names)),
    ]


def largest() -> str:
    """Write a spec with ten containers, six volumes and four backends, long names and characters that need escapes."""
    names = ["gateway", "orders", f"c-{LONG}", "search", "mailer", "thumbs", "metrics", "cache", "audit", "shipper"]
    volumes = ["static", "uploads", f"v-{LONG}", "spool", "audit-log", "state"]
    lines = [
        "chuoigen: 1",
        f"name: {LONG}",
        "stage: production",
        'aws: { account: "123456789012", region: us-east-1 }',
        "task: { cpu: 16 vCPU, memory: 64 GiB, execution_role: ex, task_role: tr }",
        "volumes: {" + ", ".join(f"{volume}: {{}}" for volume in volumes) + "}",
        "containers:",
    ]
    for number, name in enumerate(names):
        lines.append(f"  {name}:")
        lines.append(f"    image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/{LONG}/{name}@sha256:{'0' * 64}")
        lines.append(f"    ports: [{8000 + number}, {9000 + number}/udp]")
        lines.append('    healthcheck: { command: [CMD-SHELL, "wget -q \\"http://127.0.0.1/?a=<b>&c=d\\" || exit 1"] }')
        mounts = {volumes[number % 6]: "", volumes[(number * 5 + 2) % 6]: ":ro", volumes[(number + 3) % 6]: ":ro"}
        lines.append("    mounts: {" + ", ".join(f'{v}: "/var/lib/{v}{ro}"' for v, ro in mounts.items()) + "}")
        lines.append(
            f"    depends_on: {{ {names[number - 1]}: healthy, {names[number - 2]}: start }}" if number > 1 else ""
        )
    lines.append("backends:")
    lines += [
        f"  b{n}-{LONG}: {{ host: {LONG}.{LONG}.example.com, port: {6000 + n}, max_connections: 65000 }}"
        for n in range(4)
    ]
    lines += ["network:", "  vpc: vpc-0123456789abcdef0"]
    private, public = (
        ", ".join(f"subnet-{n:017d}" for n in range(6)),
        ", ".join(f"subnet-{n:017d}" for n in range(6, 9)),
    )
    lines.append(f"  subnets: {{ private: [{private}], public: [{public}] }}")
    lines.append("  allow:")
    lines += [f"    - {{ from: {source}, to: {target} }}" for source, target in allowed(names)]
    lines.append(f"load_balancer: {{ target: {names[0]}, healthcheck: /{LONG} }}")
    lines.append(f"service: {{ cluster: {LONG}, desired_count: 4, autoscaling: {{ min: 4, max: 40, cpu: 60 }} }}")
    return "\n".join(lines) + "\n"


def plan_of(text: str) -> Plan:
    document, problems = parse(text, "spec/case.yaml")
    assert document is not None, problems
    outcome = validate(document, partial=False)
    assert outcome.spec is not None, outcome.diagnostics
    return plan(outcome.spec, Project(spec_file="spec/case.yaml"))


def plan_at(path: Path) -> Plan:
    loaded = load(str(path))
    assert loaded.spec is not None
    return plan(loaded.spec, loaded.project)


def cases() -> dict[str, Plan]:
    return {
        "smallest": plan_of(SMALLEST),
        "worker": plan_of(WORKER),
        "public": plan_of(PUBLIC),
        "chuoi-qa": plan_at(ROOT / "spec/qa.yaml"),
        "chuoi-prod": plan_at(ROOT / "spec/prod.yaml"),
        "largest": plan_of(largest()),
    }


def drawings() -> dict[str, str]:
    """Return the drawing of each case, and of differences with every mark."""
    pictures = {name: diagram.pictured(made) for name, made in cases().items()}
    pictures["difference"] = diagram.difference(pictures["public"], pictures["worker"])
    pictures["stages"] = diagram.difference(pictures["chuoi-qa"], pictures["chuoi-prod"])
    return {name: diagram.FORMS["svg"](picture) for name, picture in pictures.items()}


CASES = ("smallest", "worker", "public", "chuoi-qa", "chuoi-prod", "largest", "difference", "stages")
# The usual font, and the widest of the usual ones, which a machine without Arial's kin falls back to.
FONTS = {"as-is": "", "wide": 'text { font-family: "DejaVu Sans" !important }'}

SCRIPT = """
const rect = b => [b.x, b.y, b.x + b.width, b.y + b.height];
function points(path) {
  const length = path.getTotalLength(), found = [];
  for (let at = 0; at <= length; at += 3) { const p = path.getPointAtLength(at); found.push([p.x, p.y]); }
  const end = path.getPointAtLength(length);
  return [...found, [end.x, end.y]];
}
function measure(svg) {
  const text = t => ({text: t.querySelector("tspan") ? [...t.querySelectorAll("tspan")].map(s => s.textContent).join("") : "", box: rect(t.getBBox())});
  return {
    view: [svg.viewBox.baseVal.width, svg.viewBox.baseVal.height],
    drawn: rect(svg.getBBox()),
    boxes: [...svg.querySelectorAll("[data-box]")].map(g => ({
      key: g.dataset.box, id: g.id, frame: rect(g.querySelector("rect").getBBox()),
      texts: [...g.querySelectorAll("text")].map(text)})),
    texts: [...svg.querySelectorAll("text")].map(text),
    wires: [...svg.querySelectorAll("[data-wire]")].map(g => ({
      kind: g.dataset.wire, source: g.dataset.from, target: g.dataset.to, points: points(g.querySelector(".wire")),
      head: g.querySelector(".head") !== null}))
  };
}
const all = {};
for (const section of document.querySelectorAll("section")) {
  const style = document.createElement("style");
  style.textContent = section.dataset.style;
  document.head.append(style);
  all[section.id] = measure(section.querySelector("svg"));
  style.remove();
}
document.querySelector("#measured").textContent = JSON.stringify(all);
"""

Rect = tuple[float, float, float, float]


@dataclass(frozen=True)
class Page:
    """What the browser measured of one diagram."""

    measured: dict[str, Any]

    def frames(self) -> dict[str, Rect]:
        return {box["key"]: tuple(box["frame"]) for box in self.measured["boxes"]}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> dict[str, Page]:
    """Lay out every case with every font in one start of the browser."""
    chromium = request.getfixturevalue("needs")("chromium")
    folder = tmp_path_factory.mktemp("browser")
    sections = [
        f"<section id='{name}-{font}' data-style='{style}'>{drawing.partition('?>')[2]}</section>"
        for name, drawing in drawings().items()
        for font, style in FONTS.items()
    ]
    measured = '<script type="application/json" id="measured"></script>'
    body = f"<!doctype html><meta charset='utf-8'>{''.join(sections)}{measured}<script>{SCRIPT}</script>"
    page = folder / "page.html"
    page.write_text(body, encoding="utf-8")
    dom = browse(chromium, folder, page)
    text = dom.partition('id="measured">')[2].partition("</script>")[0]
    return {name: Page(data) for name, data in json.loads(text).items()}


def browse(chromium: str, folder: Path, page: Path, *more: str) -> str:
    """Return the page's DOM once its script has run."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
    quiet = ["--disable-background-networking", "--disable-component-update", f"--user-data-dir={folder / 'profile'}"]
    command = [chromium, *options, *quiet, *more, "--dump-dom", page.as_uri()]
    done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8", timeout=120)
    return done.stdout


@pytest.fixture(params=[f"{name}-{font}" for name in CASES for font in FONTS])
def page(request: pytest.FixtureRequest, pages: dict[str, Page]) -> Page:
    return pages[request.param]


def contains(outer: Rect, inner: Rect, slack: float = 0.5) -> bool:
    return (
        outer[0] - slack <= inner[0]
        and outer[1] - slack <= inner[1]
        and inner[2] <= outer[2] + slack
        and inner[3] <= outer[3] + slack
    )


def overlap(one: Rect, other: Rect) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def holds(box: Rect, point: tuple[float, float], inset: float) -> bool:
    return box[0] + inset < point[0] < box[2] - inset and box[1] + inset < point[1] < box[3] - inset


def test_no_two_boxes_overlap_unless_one_holds_the_other(page: Page) -> None:
    pairs = itertools.combinations(page.frames().items(), 2)
    clashes = [
        (key, other)
        for (key, one), (other, two) in pairs
        if overlap(one, two) and not contains(one, two) and not contains(two, one)
    ]
    assert clashes == []


def test_only_the_task_holds_other_boxes(page: Page) -> None:
    frames = page.frames()
    held = [
        (key, other)
        for key, one in frames.items()
        for other, two in frames.items()
        if key != other and contains(one, two)
    ]
    assert {key for key, _ in held} <= {"task"}
    assert {other.partition(":")[0] for _, other in held} <= {"container", "volume"}


def test_no_text_leaves_its_box_or_meets_another(page: Page) -> None:
    outside = [
        (box["key"], text["text"])
        for box in page.measured["boxes"]
        for text in box["texts"]
        if not contains(tuple(box["frame"]), tuple(text["box"]), slack=0)
    ]
    meeting = [
        (one["text"], two["text"])
        for one, two in itertools.combinations(page.measured["texts"], 2)
        if overlap(one["box"], two["box"])
    ]
    assert (outside, meeting) == ([], [])


def test_nothing_is_outside_the_picture(page: Page) -> None:
    width, height = page.measured["view"]
    assert contains((0, 0, width, height), tuple(page.measured["drawn"]))
    assert all(contains((0, 0, width, height), tuple(text["box"])) for text in page.measured["texts"])


def test_wires_pass_between_boxes_and_texts(page: Page) -> None:
    frames = {key: frame for key, frame in page.frames().items() if key != "task"}
    struck = [
        (wire["source"], wire["target"], key)
        for wire in page.measured["wires"]
        for key, frame in frames.items()
        if any(holds(frame, point, 1) for point in wire["points"])
    ]
    crossed = [
        (wire["source"], wire["target"], text["text"])
        for wire in page.measured["wires"]
        for text in page.measured["texts"]
        if any(holds(text["box"], point, 0) for point in wire["points"])
    ]
    assert (struck, crossed) == ([], [])


def test_wires_join_the_boxes_that_they_name(page: Page) -> None:
    frames = page.frames()
    ends = {(wire["source"], wire["target"], wire["kind"]): wire for wire in page.measured["wires"]}
    for (source, target, kind), wire in ends.items():
        # A wire that only joins the lane of others has one end at a box.
        touched = [
            key
            for key, point in ((source, wire["points"][0]), (target, wire["points"][-1]))
            if near(frames[key], point)
        ]
        assert touched, (source, target, kind)
        assert (target in touched) == wire["head"] or kind == "traffic", (source, target, kind)


def near(frame: Rect, point: tuple[float, float]) -> bool:
    return contains(frame, (*point, *point), slack=5)


def test_wires_of_different_ends_share_no_height_in_a_row(pages: dict[str, Page]) -> None:
    """Two horizontals on top of each other would read as one wire, so only wires to or from one row may meet."""
    for page in pages.values():
        runs = [(wire, run) for wire in page.measured["wires"] for run in horizontals(wire["points"])]
        for (one, first), (two, second) in itertools.combinations(runs, 2):
            ends = {one["source"], one["target"]} & {two["source"], two["target"]}
            if not ends:
                assert abs(first[1] - second[1]) > 3 or not overlap(widened(first), widened(second)), (one, two)


def horizontals(points: list[tuple[float, float]]) -> list[Rect]:
    """Return the horizontal stretches of a wire of more than 12 pixels."""
    found: list[Rect] = []
    for _, group in itertools.groupby(points, key=lambda point: round(point[1], 1)):
        stretch = list(group)
        left, right = min(p[0] for p in stretch), max(p[0] for p in stretch)
        if right - left > 12:
            found.append((left, stretch[0][1], right, stretch[0][1]))
    return found


def widened(run: Rect) -> Rect:
    return (run[0], run[1] - 1.5, run[2], run[3] + 1.5)


def test_chuoi_shows_every_part(pages: dict[str, Page]) -> None:
    frames = pages["chuoi-qa-as-is"].frames()
    assert sorted(key for key in frames if not key.startswith("legend:")) == [
        "backend:redis",
        "balancer",
        "container:app",
        "container:log",
        "container:web",
        "group:A",
        "group:B",
        "group:C",
        "service:logs",
        "service:s3:hogehoge-log-bucket",
        "source:internet",
        "task",
        "volume:app-log",
        "volume:app-static",
        "volume:log-tmp",
    ]


def test_chuoi_shows_who_talks_writes_and_reads(pages: dict[str, Page]) -> None:
    drawn = {(w["kind"], w["source"], w["target"]) for w in pages["chuoi-qa-as-is"].measured["wires"]}
    assert drawn == {
        ("traffic", "source:internet", "balancer"),
        ("traffic", "balancer", "container:web"),
        ("traffic", "container:web", "container:app"),
        ("traffic", "container:app", "backend:redis"),
        ("traffic", "container:log", "service:s3:hogehoge-log-bucket"),
        ("logs", "container:app", "service:logs"),
        ("logs", "container:web", "service:logs"),
        ("logs", "container:log", "service:logs"),
        ("write", "container:app", "volume:app-static"),
        ("write", "container:app", "volume:app-log"),
        ("write", "container:log", "volume:log-tmp"),
        ("read", "volume:app-static", "container:web"),
        ("read", "volume:app-log", "container:log"),
    }
