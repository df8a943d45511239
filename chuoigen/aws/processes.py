"""What says how many processes a server starts."""

from chuoigen.aws.fact import fact

_SOURCE = "gunicorn, Settings: workers; uvicorn, Settings: --workers; puma, DSL: workers"

PROCESS_VARIABLES = fact(("WEB_CONCURRENCY",), _SOURCE, "2026-11-28")
"""Variables."""

PROCESS_OPTIONS = fact(("--workers", "-w"), _SOURCE, "2026-11-28")
"""Options on the command line."""
