"""YAML 1.2 text into data with the span of every key and value; bad text becomes diagnostics."""
