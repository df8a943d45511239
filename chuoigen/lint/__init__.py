"""What a rule is, what it finds, and which findings a comment suppresses."""
