"""Where a run of CI belongs to: the pull request of GitHub or the merge request of GitLab, by the runner's variables.

GitHub: "Store information in variables" and "REST API endpoints for issue comments". GitLab: "Predefined CI/CD
variables reference" and "Notes API"; its job token may not read or write notes (gitlab-org/gitlab#545150), so a token
of the project is needed. Checked 2026-11-28.
"""

import json
import pathlib
from collections.abc import Mapping
from typing import Any

from chuoigen.diagnostics import ChuoigenError
from chuoigen.messages import Texts
from chuoigen.record import Record

TOKEN = "CHUOIGEN_TOKEN"  # noqa: S105  the name of the variable that holds it
_say = Texts(__name__)


class Forge(Record):
    """A pull request, and how its comments are read and written."""

    name: str
    comments: str
    """URL of the list of comments, to which a new one is posted."""
    comment: str
    """URL of a comment, up to its id."""
    update: str
    """HTTP method that writes a comment anew."""
    user: str
    """URL of whoever the token belongs to."""
    headers: tuple[tuple[str, str], ...]
    """Headers of each request; they hold the token."""
    token: str
    foreign: bool
    """It comes from a fork, whose runs may read only."""
    summary: str
    """File for what a run has to say, "" where there is none."""
    merge: str
    """Commit that merges the request into its branch, made by the forge, "" where the branch itself is built."""
    base: str
    """Commit of the branch that it goes into."""


def forge(variables: Mapping[str, str]) -> Forge | None:
    """Return the request of a run; None where it belongs to none. Raises ChuoigenError in any other CI."""
    if variables.get("GITLAB_CI"):
        return _gitlab(variables)
    if variables.get("GITHUB_ACTIONS"):
        return _github(variables)
    raise ChuoigenError(_say("unknown"))


def _github(variables: Mapping[str, str]) -> Forge | None:
    event = _event(variables["GITHUB_EVENT_PATH"])
    request = event.get("pull_request")
    if not isinstance(request, dict):
        return None
    repository, number = variables["GITHUB_REPOSITORY"], int(request["number"])
    root = variables["GITHUB_API_URL"]
    issues = f"{root}/repos/{repository}/issues"
    token = variables.get(TOKEN, "")
    source = request["head"]["repo"]  # null when the fork is gone
    return Forge(
        name="GitHub",
        comments=f"{issues}/{number}/comments?per_page=100",
        comment=f"{issues}/comments/",
        update="PATCH",
        user=f"{root}/user",
        headers=(("Authorization", f"Bearer {token}"), ("Accept", "application/vnd.github+json")),
        token=token,
        foreign=source is None or source["full_name"] != repository,
        summary=variables.get("GITHUB_STEP_SUMMARY", ""),
        merge=variables.get("GITHUB_SHA", ""),
        base=request["base"]["sha"],
    )


def _gitlab(variables: Mapping[str, str]) -> Forge | None:
    number = variables.get("CI_MERGE_REQUEST_IID")
    if not number:
        return None
    root, project = variables["CI_API_V4_URL"], variables["CI_MERGE_REQUEST_PROJECT_ID"]
    notes = f"{root}/projects/{project}/merge_requests/{number}/notes"
    token = variables.get(TOKEN, "")
    target = variables.get("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", "")  # only where the result of the merge is built
    return Forge(
        name="GitLab",
        comments=f"{notes}?sort=asc&order_by=created_at&per_page=100",
        comment=f"{notes}/",
        update="PUT",
        user=f"{root}/user",
        headers=(("PRIVATE-TOKEN", token),),
        token=token,
        foreign=variables.get("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", project) != project,
        summary="",
        merge="",
        base=target or variables["CI_MERGE_REQUEST_DIFF_BASE_SHA"],
    )


def _event(path: str) -> dict[str, Any]:
    event = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    return event if isinstance(event, dict) else {}
