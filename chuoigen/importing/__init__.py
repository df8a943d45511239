"""Files that people have into specs as a person would have written them, and the proof that nothing changed."""
