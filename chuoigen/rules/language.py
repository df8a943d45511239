"""The rules that are reported while a spec is read, before any other rule can look at it."""

from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Rule

IGNORE_WITHOUT_REASON = Rule("CG020", "ignore-without-reason", Severity.ERROR, module=__name__)
UNUSED_IGNORE = Rule("CG021", "unused-ignore", Severity.WARNING, module=__name__)
PARTIAL_SPEC = Rule("CG022", "partial-spec", Severity.ERROR, module=__name__)

RULES: tuple[Rule, ...] = (
    Rule("CG001", "invalid-yaml", Severity.ERROR, module=__name__),
    Rule("CG002", "duplicate-key", Severity.ERROR, module=__name__),
    Rule("CG003", "excessive-input", Severity.ERROR, module=__name__),
    Rule("CG004", "unusable-key", Severity.ERROR, module=__name__),
    Rule("CG010", "unusable-base", Severity.ERROR, module=__name__),
    Rule("CG011", "unknown-key", Severity.ERROR, module=__name__),
    Rule("CG012", "missing-key", Severity.ERROR, module=__name__),
    Rule("CG013", "invalid-value", Severity.ERROR, module=__name__),
    Rule("CG014", "unquoted-value", Severity.ERROR, module=__name__),
    Rule("CG015", "plain-secret", Severity.ERROR, module=__name__, secret=True),
    Rule("CG016", "duplicate-variable", Severity.ERROR, module=__name__),
    Rule("CG017", "compose-restart-policy", Severity.ERROR, module=__name__),
    IGNORE_WITHOUT_REASON,
    UNUSED_IGNORE,
    PARTIAL_SPEC,
)
