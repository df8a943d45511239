"""Requests to the API of a forge, by the standard library; what an answer says is shown without the token."""

import http.client
import json
import urllib.error
import urllib.request
from typing import Any

from chuoigen.comment.forges import Forge
from chuoigen.diagnostics import ChuoigenError
from chuoigen.messages import Texts
from chuoigen.record import Record
from chuoigen.report.view import MASK

_SECONDS = 30
_LONGEST = 300
"""Characters of an answer's reason that are shown."""
_say = Texts(__name__)


class Answer(Record):
    """What a server answered: its status, and the JSON of it, {} or [] where it is something else."""

    request: str
    status: int
    data: dict[str, Any]
    rows: list[dict[str, Any]]
    reason: str


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: a redirected request would take the token along, and would no longer write."""

    def redirect_request(self, *_: Any) -> None:
        """Take a redirect as the answer."""


def ask(forge: Forge, method: str, url: str, data: dict[str, str] | None = None) -> Answer:
    """Send a request and return the answer, whatever its status is. Raises ChuoigenError where no server answers."""
    content = None if data is None else json.dumps(data).encode()
    headers = {**dict(forge.headers), "Content-Type": "application/json", "User-Agent": "chuoigen"}
    asked = f"{method} {url.partition('?')[0]}"
    if not url.startswith(("https://", "http://")):
        raise ChuoigenError(_say("no-address", request=asked))
    request = urllib.request.Request(url, content, headers, method=method)  # noqa: S310  looked at above
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=_SECONDS) as answer:
            return _answer(asked, answer.status, answer.read(), forge)
    except urllib.error.HTTPError as error:
        with error:
            return _answer(asked, error.code, error.read(), forge)
    except (OSError, http.client.HTTPException, ValueError) as error:  # ValueError: a header that holds a line end
        reason = getattr(error, "reason", None) or type(error).__name__
        raise ChuoigenError(_say("no-answer", request=asked, reason=_shown(str(reason), forge))) from None


def _answer(asked: str, status: int, content: bytes, forge: Forge) -> Answer:
    try:
        data = json.loads(content)
    except ValueError:
        data = None
    mapping = data if isinstance(data, dict) else {}
    rows = [row for row in data if isinstance(row, dict)] if isinstance(data, list) else []
    reason = mapping.get("message") or mapping.get("error") or ""
    text = reason if isinstance(reason, str) else json.dumps(reason)
    return Answer(asked, status, mapping, rows, _shown(text or http.client.responses.get(status, "-"), forge))


def _shown(text: str, forge: Forge) -> str:
    masked = text.replace(forge.token, MASK) if forge.token else text
    return masked[:_LONGEST]
