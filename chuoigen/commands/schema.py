"""`chuoigen schema`: the JSON Schema of the language, for editors."""

import json

from chuoigen.report.outcome import Outcome
from chuoigen.spec import json_schema
from chuoigen.spec.editors import for_any_file


def schema(*, elsewhere: bool = True) -> Outcome:
    """Return the JSON Schema (draft 2020-12) of a spec; `elsewhere` adds recipes from other packages."""
    return Outcome(text=json.dumps(for_any_file(json_schema(elsewhere=elsewhere)), indent=2, ensure_ascii=False) + "\n")
