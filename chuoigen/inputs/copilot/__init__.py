"""A manifest of AWS Copilot into a spec for each of its environments."""
