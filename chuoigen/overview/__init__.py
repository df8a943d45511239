"""One HTML page about a service for those who do not read YAML: its stages side by side, by the plans of its specs."""
