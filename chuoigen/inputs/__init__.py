"""Files into a Spec: reading, laying one over another, judging the shape."""
