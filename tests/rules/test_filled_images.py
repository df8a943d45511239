"""Images that are known when they are deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("{ filled_by: pipeline, repository: shop-app }", []),
        ("{ filled_by: pipeline, repository: team/shop-app, placeholder: IMAGE1_NAME }", []),
        ("{ filled_by: pipeline, repository: ghcr.io/shop/app }", []),
        ("{ filled_by: pipeline, repository: 123456789012.dkr.ecr.us-east-1.amazonaws.com/shop }", []),
        ("{ filled_by: pipeline }", ["image-source"]),
        ("{ filled_by: pipeline, repository: 'shop:1.4' }", ["image-repository"]),
        ("{ filled_by: pipeline, repository: 'host:5000/shop' }", []),
        ("{ filled_by: pipeline, repository: 'host:5000/shop:1' }", ["image-repository"]),
        ("{ filled_by: pipeline, repository: Shop }", ["image-repository"]),
        ("{ filled_by: pipeline, repository: shop, placeholder: <IMAGE1_NAME> }", ["image-placeholder"]),
        ("{ filled_by: pipeline, repository: shop, placeholder: '' }", ["invalid-value"]),
        ("{ filled_by: pipeline, repository: shop, name: 'shop:1' }", ["ambiguous-image"]),
        ("{ name: 'shop:1', repository: shop }", ["image-placeholder"]),
        ("{ name: 'shop:1', placeholder: APP }", ["image-placeholder"]),
        ("{ filled_by: robot }", ["invalid-value"]),
        ("<IMAGE1_NAME>", ["written-placeholder"]),
        ("'${IMAGE}'", ["written-placeholder"]),
        ("'{{ must_env `IMAGE` }}'", ["written-placeholder"]),
        ("'shop:${TAG}'", ["image-reference"]),
    ],
)
def test_where_an_image_comes_from(reported: Callable[[str], list[str]], image: str, expected: list[str]) -> None:
    assert reported(f"containers:\n  app: {{ image: {image} }}\n") == expected


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("{ filled_by: pipeline, repository: web, placeholder: IMAGE1_NAME }", ["image-placeholder"]),
        ("{ filled_by: pipeline, repository: app, placeholder: IMAGE1_NAME }", []),
        ("{ filled_by: pipeline, repository: web }", []),
        ("{ ref: containers.app.image }", []),
    ],
)
def test_one_placeholder_is_one_image(reported: Callable[[str], list[str]], second: str, expected: list[str]) -> None:
    first = "{ filled_by: pipeline, repository: app, placeholder: IMAGE1_NAME }"
    assert reported(f"containers:\n  app: {{ image: {first} }}\n  web: {{ image: {second} }}\n") == expected


def test_a_repository_of_this_spec(reported: Callable[[str], list[str]]) -> None:
    app = "app: { build: { recipe: nginx, repository: shop }, ports: [80] }"
    job = "job: { image: { filled_by: pipeline, repository: shop } }"
    assert reported(f"containers:\n  {app}\n  {job}\n") == ["image-of-this-spec"]
