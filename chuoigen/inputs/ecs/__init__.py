"""The JSON of Amazon ECS itself: task definitions and services, whoever keeps them and in which spelling."""
