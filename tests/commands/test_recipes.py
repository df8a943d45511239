"""The list of recipes."""

import json

from chuoigen import recipes
from chuoigen.commands.recipes import listed


def test_each_recipe_says_what_it_builds_and_generates() -> None:
    text = listed().text
    assert "nginx: An nginx that serves static files from a volume and passes the rest to another container.\n" in text
    assert "  nginx.conf     static files and the way to the container behind\n" in text
    assert listed().status == 0


def test_the_same_for_programs() -> None:
    data = json.loads(listed("json").text)
    assert data["version"] == 1
    assert [entry["name"] for entry in data["recipes"]][: len(recipes.BUILT_IN)] == list(recipes.BUILT_IN)
    nginx = next(entry for entry in data["recipes"] if entry["name"] == "nginx")
    assert sorted(nginx["files"]) == [".dockerignore", "Dockerfile", "entrypoint.sh", "nginx.conf"]
    assert nginx["rules"] == ["nginx-without-port", "variable-in-nginx", "nginx-address-format"]
    assert nginx["package"] is None
