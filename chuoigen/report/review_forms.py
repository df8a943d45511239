"""The form in which reviews are printed, and the exit status that they mean."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from chuoigen.diagnostics import ChuoigenError, Severity
from chuoigen.messages import Reader, Texts
from chuoigen.review import Class

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuoigen.report.outcome import Outcome

_say = Texts(__name__)
FILES = "files"
"""The form that shows the generated files as a unified diff."""


def shown(outcome: Outcome, form: str, reader: Reader, fail_on: Iterable[str] = ()) -> Outcome:
    """Return an outcome as it is printed: text, markdown, json or files.

    It is found where anything differs, or with `fail_on` only where a change has one of these classes; a spec with
    errors always is. Raises ChuoigenError for a class that there is not.
    """
    feared = _classes(fail_on)
    changes = [line for review in outcome.reviews for line in review.lines]
    differs = bool(outcome.difference) if form == FILES else bool(changes)
    if feared:
        differs = any(feared.intersection(line.classes) for line in changes)
    found = differs or bool(outcome.diagnostics)
    if form == FILES:
        return outcome.replaced(reviews=(), found=found)
    return outcome.replaced(text=_text(outcome, form, reader), difference="", reviews=(), found=found)


def _text(outcome: Outcome, form: str, reader: Reader) -> str:
    from chuoigen.report import review_json, review_markdown, review_text

    today, reviews = dt.datetime.now(dt.UTC).date(), outcome.reviews
    if form == "json":
        return review_json.render(reviews, reader)
    if form == "markdown":
        errors = sum(one.severity is Severity.ERROR for one in outcome.diagnostics)
        return review_markdown.render(reviews, reader, today, errors)
    return review_text.render(reviews, reader, today)


def _classes(words: Iterable[str]) -> frozenset[Class]:
    known = {one.value: one for one in Class}
    for word in words:
        if word not in known:
            raise ChuoigenError(_say("no-class", word=word, known=tuple(known)))
    return frozenset(known[word] for word in words)
