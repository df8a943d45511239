"""A file of docker compose into one task: its services are the containers."""
