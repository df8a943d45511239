"""`chuoigen explain`: the manual page of one rule, with its code, its severity and how to suppress it."""

import difflib
import inspect
import pathlib
import re
import sys

from chuoigen import rules
from chuoigen.diagnostics import ChuoigenError
from chuoigen.lint.rule import Rule
from chuoigen.messages import ENGLISH, Reader, Texts
from chuoigen.report import rule_table
from chuoigen.report.outcome import Outcome

_say = Texts(__name__)
_GROUP = re.compile("CG[0-9]{0,2}", re.IGNORECASE)
"""How the codes of some rules begin."""

_SUPPRESSING = """\
## Suppressing

Where it does not matter, say why in a comment, at the end of that line or on a line of its own above it:

```yaml
# chuoigen: ignore[{name}] the reason
```
"""
_NO_SUPPRESSING = """\
## Suppressing

This rule cannot be suppressed.
"""


def explain(name_or_code: str, *, reader: Reader = ENGLISH) -> Outcome:
    """Return the page of a rule, in Markdown, or the rules whose codes begin so, such as CG3, a line each.

    Raises ChuoigenError when there is no such rule.
    """
    word = name_or_code.strip()
    if _GROUP.fullmatch(word):
        group = [rule for rule in rules.everything(elsewhere=True) if rule.code.startswith(word.upper())]
        if group:
            return Outcome(text=rule_table.lines(group, reader))
    rule = rules.by_name(word) or rules.by_name(word.upper()) or rules.by_name(word.lower())
    if rule is None:
        close = difflib.get_close_matches(
            word.lower(), [rule.name for rule in rules.everything(elsewhere=True)], n=1, cutoff=0.5
        )
        variant = "no-rule.close" if close else "no-rule.far"
        raise ChuoigenError(_say(variant, rule=name_or_code, close=close[0] if close else ""))
    return Outcome(text=page(rule))


def page(rule: Rule) -> str:
    """Return what is written about a rule, with what the rule itself says put below the title and at the end."""
    written = page_file(rule).read_text(encoding="utf-8")
    title, _, body = written.partition("\n")
    suppressing = _SUPPRESSING.format(name=rule.name) if rule.check or rule.several else _NO_SUPPRESSING
    return f"{title}\n\n`{rule.code}`, {rule.severity.value}\n\n{body.strip()}\n\n{suppressing}"


def page_file(rule: Rule) -> pathlib.Path:
    """Return where the page of a rule is: beside the module of its check, a recipe's in the folder of the recipe."""
    module = sys.modules[rule.check.__module__] if rule.check else rules
    return pathlib.Path(inspect.getfile(module)).parent / "pages" / f"{rule.name}.md"
