"""`chuoigen report`: one page about specs; what it says, what it marks, and what it keeps to itself."""

from __future__ import annotations

import base64
import html.parser
import json
import re
from typing import TYPE_CHECKING

import pytest

from chuoigen.commands.report import report
from chuoigen.compiler import judge
from chuoigen.diagnostics import ChuoigenError
from chuoigen.inputs.load import load
from chuoigen.messages import ENGLISH, Reader
from chuoigen.overview.page import page as rendered
from chuoigen.report.outcome import Status
from tests.repository import PARTIAL, ROOT, SMALL, WRONG, chuoigen, contents, repository

if TYPE_CHECKING:
    from pathlib import Path

JAPANESE = Reader("ja")
HOSTILE = "</td><script>alert(1)</script>&\"'><img src=x onerror=alert(2)>"
CASES = sorted(file for file in (ROOT / "tests" / "cases").glob("*/spec.yaml") if (file.parent / "expected").is_dir())
CHUOI = [str(ROOT / "spec" / name) for name in ("qa.yaml", "prod.yaml")]
VOID = {"meta", "img", "br"}


class Page(html.parser.HTMLParser):
    """The page as a browser reads it: elements are closed in their order, and rows are found by their labels."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.rows: dict[str, list[list[str]]] = {}
        self.marked: set[str] = set()
        self.words: list[str] = []
        self._row: list[list[str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self._row = []
            self._differs = dict(attributes).get("class") == "differs"
        if tag in ("th", "td"):
            self._row.append([])

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag == "tr":
            label = self._row[0][0]
            self.rows[label] = self._row[1:]
            if self._differs:
                self.marked.add(label)

    def handle_data(self, data: str) -> None:
        if not data.strip() or {"style", "title"}.intersection(self.open):
            return
        self.words.append(data.strip())
        if self._row and "tr" in self.open:
            self._row[-1].append(data.strip())


def page(*files: str, reader: Reader = ENGLISH) -> Page:
    outcome = report(files, reader=reader)
    assert outcome.status is Status.CLEAN
    return Page(outcome.text)


def spec(tmp_path: Path, **specs: str) -> list[str]:
    root = repository(tmp_path / "repository", **specs)
    return [str(root / "spec" / f"{name}.yaml") for name in specs]


def test_stages_stand_side_by_side() -> None:
    shown = page(*CHUOI)
    assert shown.rows["Size of a task"] == [["0.25 vCPU, 512 MiB"], ["1 vCPU, 2 GiB"]]
    assert shown.rows["Tasks"] == [["1"], ["4 to 16, by load", "4 desired"]]
    assert shown.rows["A month, with the most tasks"] == [["38.56 USD"], ["781.24 USD"]]
    assert shown.rows["the internet → the load balancer"] == [["80/tcp", "443/tcp"]]
    assert shown.rows["container log → backend redis"] == [["6379/tcp, not asked for but possible"]]
    assert shown.rows["redis"][0] == [
        "1000 for each task",
        "1000 with 1 task",
        "2000 at most, while a deployment replaces tasks",
        "the backend admits 65000",
    ]
    assert shown.rows["The task role: WriteLogs"][1] == [
        "s3:PutObject",
        "on arn:aws:s3:::hogehoge-log-bucket/chuoi-prod/*",
    ]


def test_what_differs_is_marked_and_names_of_stages_are_no_difference() -> None:
    shown = page(*CHUOI)
    assert {"Size of a task", "Tasks", "redis", "A month, with the most tasks"} <= shown.marked
    assert not {"Region", "The task role: WriteLogs", "app", "web", "log"} & shown.marked
    assert shown.words.count("≠ differs") == len(shown.marked)


def test_one_stage_has_no_marks() -> None:
    shown = page(CHUOI[0])
    assert shown.marked == set()
    assert shown.rows["Tasks"] == [["1"]]


def test_containers_start_and_stop_in_their_order() -> None:
    text = report(CHUOI[:1], reader=ENGLISH).text
    starts, stops = (text.partition(f'id="{name}"')[2].partition("</section>")[0] for name in ("start", "stop"))
    assert re.findall(r"starts at ([\d:]+)", starts) == ["0:00", "0:00", "0:00"]
    assert "healthy by 1:30 at most" in starts
    assert re.findall(r"is told to stop at ([\d:]+)", stops) == ["1:30", "1:00", "2:00"]
    assert "is gone by 4:00 at most" in stops
    bars = re.findall(r"margin-inline-start: ([\d.]+)%; width: ([\d.]+)%", stops)
    assert [(float(begin), float(width)) for begin, width in bars] == [
        (0, 25),
        (37.5, 12.5),
        (25, 12.5),
        (50, 50),
        (0, 100),
    ]


def test_jobs_say_when_they_start_what_they_run_and_how_large_they_are(tmp_path: Path) -> None:
    case = ROOT / "tests" / "cases" / "rails-jobs" / "spec.yaml"
    shown = page(str(case))
    assert shown.rows["migrate"] == [
        [
            "before each deployment",
            "with the image of container app",
            "bin/rails db:migrate",
            "1 vCPU, 2 GiB",
        ]
    ]
    assert shown.rows["clean-up"][0][0] == "cron(30 3 * * ? *) Europe/Berlin"
    assert shown.rows["clean-up"][0][-1] == "1 vCPU, 4 GiB"
    assert shown.rows["job clean-up → backend redis"] == [["6379/tcp"]]
    (file,) = spec(tmp_path, qa=case.read_text("utf-8").replace("    before: deploy\n", ""))
    assert page(file).rows["migrate"][0][0] == "when somebody starts it"
    assert page(file, reader=JAPANESE).rows["migrate"][0][0] == "手動で起動"
    assert 'id="jobs"' not in report(CHUOI[:1], reader=ENGLISH).text


def test_connections_are_drawn_against_the_limit() -> None:
    part = report(CHUOI, reader=ENGLISH).text.partition('id="connections"')[2].partition("</section>")[0]
    assert re.findall(r"width: ([\d.]+)%", part) == ["3.08", "49.23"]  # 2,000 and 32,000 of 65,000


def test_stages_share_the_scale_of_their_bars(tmp_path: Path) -> None:
    files = spec(tmp_path, one=f"{SMALL}    stop_timeout: 30s\n", two=f"{SMALL}    stop_timeout: 60s\n")
    stops = report(files, reader=ENGLISH).text.partition('id="stop"')[2].partition("</section>")[0]
    assert re.findall(r"width: ([\d.]+)%", stops) == ["50.0", "100.0", "50.0", "100.0"]


def test_findings_and_accepted_exceptions_have_their_places_and_reasons(tmp_path: Path) -> None:
    line = '    environment: { UPSTREAM: "http://localhost:4000" }'
    (first, second) = spec(
        tmp_path,
        loud=f"{SMALL}{line}\n",
        quiet=f"{SMALL}{line} # chuoigen: ignore[localhost-address] the platform team did it\n",
    )
    shown = page(first, second)
    assert "CG650 localhost-address" in shown.words
    assert f"{first}:9" in shown.words
    assert "the platform team did it" in shown.words
    assert f"{second}:9" in shown.words
    assert "Nothing is reported." in shown.words


def test_a_comment_that_accepts_nothing_is_no_exception(tmp_path: Path) -> None:
    shown = page(
        *spec(tmp_path, qa=SMALL.replace("name: echo\n", "name: echo # chuoigen: ignore[open-to-all] why not\n"))
    )
    assert "why not" not in shown.words
    assert "unused-ignore" in " ".join(shown.words)


def test_two_specs_of_one_stage_are_told_apart(tmp_path: Path) -> None:
    shown = page(*spec(tmp_path, one=SMALL, two=SMALL.replace("sleep 60", "sleep 61")))
    assert {"spec/one.yaml", "spec/two.yaml"} <= set(shown.words)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.parent.name)
def test_every_case_has_a_page_in_both_languages(case: Path) -> None:
    judged = [judge(load(str(case)))]
    assert judged[0].plan is not None
    english, japanese = (Page(rendered(judged, reader)) for reader in (ENGLISH, JAPANESE))
    assert len(english.rows) > 5
    assert english.rows.keys() & {"Size of a task", "The whole task"}
    assert [tag for tag, _ in english.elements] == [tag for tag, _ in japanese.elements]


@pytest.mark.parametrize("reader", [ENGLISH, JAPANESE])
def test_hostile_text_is_text(tmp_path: Path, reader: Reader) -> None:
    line = '    environment: { UPSTREAM: "http://localhost:4000" } # chuoigen: ignore[localhost-address]'
    granted = {"Read": {"actions": ["s3:GetObject"], "resources": [f"arn:aws:s3:::a/{HOSTILE}"]}}
    text = f"{SMALL}{line} {HOSTILE}\npermissions: {json.dumps(granted)}\n"
    text = text.replace("task: {", "task: { task_role: echo-task,")
    root = repository(tmp_path / "a<b>&'c", qa=text, prod=text)
    files = sorted(str(file) for file in (root / "spec").iterdir())
    outcome = report(files, reader=reader)
    assert outcome.status is Status.CLEAN, outcome
    shown = Page(outcome.text)
    assert {tag for tag, _ in shown.elements}.isdisjoint({"script", "iframe", "object", "link", "base", "form"})
    assert not any(name.startswith("on") for _, attributes in shown.elements for name in attributes)
    images = [attributes["src"] or "" for tag, attributes in shown.elements if tag == "img"]
    assert len(images) == len(files)
    assert all(src.startswith("data:image/svg+xml;base64,") for src in images)
    assert HOSTILE in "".join(shown.words)


def test_every_value_of_the_template_is_escaped() -> None:
    text = (ROOT / "chuoigen/overview/templates/page.html.j2").read_text(encoding="utf-8")
    printed = re.findall(r"\{\{(.*?)\}\}", text)
    assert printed
    assert [each for each in printed if not each.rstrip().endswith("|xml")] == []
    assert "autoescape false" not in text


def test_the_page_needs_nothing_from_elsewhere() -> None:
    text = report(CHUOI, reader=ENGLISH).text
    shown = Page(text)
    links = [attributes.get("href") for tag, attributes in shown.elements if tag == "a"]
    ids = {attributes.get("id") for _, attributes in shown.elements}
    assert links
    assert all(link and link[0] == "#" and link[1:] in ids for link in links)
    assert "url(" not in text
    assert "@import" not in text
    pictures = [attributes["src"] or "" for tag, attributes in shown.elements if tag == "img"]
    assert len(pictures) == 2
    assert all(b"</svg>" in base64.b64decode(src.partition(",")[2]) for src in pictures)
    assert all(attributes.get("alt") for tag, attributes in shown.elements if tag == "img")


@pytest.mark.parametrize(("reader", "language"), [(ENGLISH, "en"), (JAPANESE, "ja")])
def test_the_page_says_its_language(reader: Reader, language: str) -> None:
    shown = page(*CHUOI, reader=reader)
    assert ("html", {"lang": language}) in shown.elements
    words = " ".join(shown.words)
    assert bool(re.search("[ぁ-ん]", words)) == (language == "ja")
    assert ("Containers" in shown.words) == (language == "en")


def test_no_secret_is_shown(tmp_path: Path) -> None:
    secret = "hunter2-correct-horse"
    text = SMALL.replace("sleep 60", f"PASSWORD={secret} sleep 60").replace(
        "    command:",
        f"    healthcheck: {{ command: \"curl -H 'Authorization: Bearer {secret}' http://127.0.0.1/\" }}\n    command:",
    )
    outcome = report(spec(tmp_path, qa=text), reader=ENGLISH)
    pictures = re.findall(r"base64,([\w+/=]+)", outcome.text)
    assert pictures
    for shown in (outcome.text, *(base64.b64decode(one).decode() for one in pictures)):
        assert secret not in shown


def test_a_broken_spec_has_its_findings_and_nothing_is_written(tmp_path: Path) -> None:
    root = repository(tmp_path / "repository", qa=SMALL, prod=WRONG)
    before = contents(root)
    done = chuoigen("report", "spec/qa.yaml", "spec/prod.yaml", "-o", "page.html", cwd=root)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("spec/prod.yaml:4:59: error[CG101] cpu-memory-pair: ")
    assert contents(root) == before


def test_all_that_is_wrong_is_said_in_one_run(tmp_path: Path) -> None:
    files = spec(tmp_path, one=WRONG, two=WRONG)
    outcome = report([*files, str(tmp_path / "nowhere.yaml")], reader=ENGLISH)
    assert {one.span.file for one in outcome.diagnostics} == set(files)
    assert len(outcome.failures) == 1
    assert (outcome.status, outcome.text) == (Status.UNUSABLE, "")


def test_a_file_is_written_whole_and_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    root = repository(tmp_path / "repository", qa=SMALL, base=PARTIAL)
    done = chuoigen("report", "-o", "page.html", cwd=root)
    assert (done.returncode, done.stdout) == (0, "wrote page.html\n"), done.stderr
    printed = chuoigen("report", cwd=root)
    assert printed.stdout == (root / "page.html").read_text(encoding="utf-8")
    done = chuoigen("report", "-o", "no/page.html", cwd=root)
    assert done.returncode == 2
    assert "no/page.html" in done.stderr
    assert "Traceback" not in done.stderr


def test_specs_that_are_only_extended_have_no_page(tmp_path: Path) -> None:
    root = repository(tmp_path / "repository", base=PARTIAL)
    with pytest.raises(ChuoigenError) as error:
        report([str(root / "spec")], reader=ENGLISH)
    assert str(error.value) == "all specs that were found are only there to be extended"
