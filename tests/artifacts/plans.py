"""Plans for tests, made from the text of a spec."""

from chuoigen.inputs.project import Project
from chuoigen.inputs.validation import validate
from chuoigen.plan import Plan, plan
from chuoigen.yaml.document import parse


def plan_of(text: str, *, name: str = "qa") -> Plan:
    """Return the plan of a spec written out in a test, as if it stood in spec/<name>.yaml."""
    document, problems = parse(text, f"spec/{name}.yaml")
    assert document is not None, problems
    outcome = validate(document, partial=False)
    assert outcome.spec is not None, outcome.diagnostics
    return plan(outcome.spec, Project(spec_file=f"spec/{name}.yaml"))
