"""Diagnostics into text for a person, a script, GitHub or a code scanner; one format a module, nothing printed here."""
