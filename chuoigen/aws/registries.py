"""Registries of images, by the host in front of an image's name: which need no login."""

from chuoigen.aws.fact import fact

_DOCKER_HUB = "docker.io"

PUBLIC_REGISTRIES = fact(
    (_DOCKER_HUB, "gcr.io", "ghcr.io", "mcr.microsoft.com", "public.ecr.aws", "quay.io", "registry.k8s.io"),
    "the registries' own documentation: pulling a public image needs no login",
    "2026-11-28",
)
"""Registries whose images are usually public. One of their private images needs a login as well."""


def registry_of(image: str) -> str:
    """Return the host of the registry from which docker pulls an image."""
    return image.partition("/")[0] if names_registry(image) else _DOCKER_HUB


def names_registry(image: str) -> bool:
    """Say whether the name of an image begins with the host of a registry."""
    host, slash, _ = image.partition("/")
    return bool(slash) and ("." in host or ":" in host or host == "localhost")
