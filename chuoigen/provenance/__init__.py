"""Where decided values come from, recorded while they are decided."""

from chuoigen.provenance.recording import Trace, by_key, decision, each, keyed, recorded

__all__ = ["Trace", "by_key", "decision", "each", "keyed", "recorded"]
