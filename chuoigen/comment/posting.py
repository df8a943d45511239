"""One comment for a pull request: made by the first run, written anew by each later one."""

import pathlib
from collections.abc import Iterator
from typing import Any

from chuoigen.comment.forges import Forge
from chuoigen.comment.requests import Answer, ask
from chuoigen.diagnostics import ChuoigenError
from chuoigen.messages import Argument, Message, Texts
from chuoigen.report.outcome import Outcome

_PAGE = 100
_PAGES = 100
"""A bound for a server that never stops; 10,000 comments."""
_OK = range(200, 300)
_FORBIDDEN = {401, 403, 404}
"""What both forges answer to a token that may not write, or that may not know of the thing."""
_say = Texts(__name__)


def post(forge: Forge, body: str, *, anew: bool) -> Outcome:
    """Write the comment, and say what was done; its first line is the mark by which it is found again.

    Without `anew` a comment that is there is updated, and none is made. A run that may not write, since it has no token
    or belongs to a fork, has the text in its summary or its log. Raises ChuoigenError for every other refusal.
    """
    if not forge.token:
        return _aside(forge, body, _say("no-token", forge=forge.name))
    mine = next(_mine(forge, body.partition("\n")[0]), None)
    if mine is None and not anew:
        return Outcome(said=(_say("nothing"),))
    if mine is None:
        answer, done = ask(forge, "POST", forge.comments.partition("?")[0], {"body": body}), "made"
    else:
        answer, done = ask(forge, forge.update, f"{forge.comment}{mine}", {"body": body}), "updated"
    if answer.status in _FORBIDDEN and forge.foreign:
        return _aside(forge, body, _say("fork"))
    _expect(forge, answer)
    return Outcome(said=(_say(done, where=str(answer.data.get("html_url") or forge.name)),))


def _mine(forge: Forge, mark: str) -> Iterator[int]:
    """Give the ids of the comments with the mark that belong to whoever the token belongs to.

    The token of a run of GitHub belongs to no user, and its comments are those of a bot.
    """
    asked = ask(forge, "GET", forge.user)
    me = asked.data.get("id") if asked.status in _OK else None
    for comment in _comments(forge):
        author = comment.get("user") or comment.get("author") or {}
        own = author.get("id") == me if me is not None else author.get("type") == "Bot"
        if own and str(comment.get("body", "")).partition("\n")[0].strip() == mark:
            yield int(comment["id"])


def _comments(forge: Forge) -> Iterator[dict[str, Any]]:
    for page in range(1, _PAGES + 1):
        answer = ask(forge, "GET", f"{forge.comments}&page={page}")
        _expect(forge, answer)
        yield from answer.rows
        if len(answer.rows) < _PAGE:
            return


def _expect(forge: Forge, answer: Answer) -> None:
    if answer.status not in _OK:
        said: dict[str, Argument] = {"status": answer.status, "request": answer.request, "reason": answer.reason}
        if answer.status in _FORBIDDEN:
            raise ChuoigenError(_say(f"forbidden.{forge.name.lower()}", **said))
        raise ChuoigenError(_say("refused", **said))


def _aside(forge: Forge, body: str, why: Message) -> Outcome:
    """Put the text where the run itself is shown: its summary, or its log."""
    if not forge.summary:
        return Outcome(text=body, notes=(why,))
    with pathlib.Path(forge.summary).open("a", encoding="utf-8") as file:
        file.write(body)
    return Outcome(said=(_say("summary"),), notes=(why,))
