"""The rules that are reported while a spec is read, before any other rule can look at it."""

from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Rule

IGNORE_WITHOUT_REASON = Rule(
    "CG020", "ignore-without-reason", Severity.ERROR, "A comment silences a rule and does not say why."
)
UNUSED_IGNORE = Rule(
    "CG021", "unused-ignore", Severity.WARNING, "A comment silences a rule that reports nothing there."
)
PARTIAL_SPEC = Rule("CG022", "partial-spec", Severity.ERROR, "A spec that is only to be extended is built.")

RULES: tuple[Rule, ...] = (
    Rule("CG001", "invalid-yaml", Severity.ERROR, "The text is not YAML 1.2 with one mapping at its root."),
    Rule("CG002", "duplicate-key", Severity.ERROR, "A key stands twice in one mapping."),
    Rule("CG003", "excessive-input", Severity.ERROR, "The file is larger or deeper than any spec needs."),
    Rule("CG004", "unusable-key", Severity.ERROR, "A key is not text, or is YAML's merge key."),
    Rule("CG010", "unusable-base", Severity.ERROR, "The file that a spec extends cannot be used."),
    Rule("CG011", "unknown-key", Severity.ERROR, "A key means nothing to the language."),
    Rule("CG012", "missing-key", Severity.ERROR, "A key that is required is not there."),
    Rule("CG013", "invalid-value", Severity.ERROR, "A value is not of the kind that its key takes."),
    Rule("CG014", "unquoted-value", Severity.ERROR, "YAML would change a value that is meant as text."),
    Rule("CG015", "plain-secret", Severity.ERROR, "A secret is written out where a reference belongs."),
    Rule("CG016", "duplicate-variable", Severity.ERROR, "A variable stands twice in an environment list."),
    Rule("CG017", "compose-restart-policy", Severity.ERROR, "restart holds a policy of docker compose."),
    IGNORE_WITHOUT_REASON,
    UNUSED_IGNORE,
    PARTIAL_SPEC,
)
