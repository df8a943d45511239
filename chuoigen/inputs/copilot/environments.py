"""The manifest that holds in one environment: what is below `environments` is laid over the rest, as Copilot does.

copilot-cli v1.33, internal/pkg/manifest/transform.go: mappings are merged, lists and single values replaced, null
changes nothing; of two forms that exclude each other the one of the environment stays; checked 2026-11-28.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chuoigen.yaml.document import Document, KeyPath

_EXCLUSIVE: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "image": (frozenset({"build"}), frozenset({"location"})),
    "count": (
        frozenset({"spot"}),
        frozenset({"range", "cooldown", "cpu_percentage", "memory_percentage", "requests"})
        | {"response_time", "queue_delay"},
    ),
    "efs": (frozenset({"uid", "gid"}), frozenset({"id", "root_dir", "auth"})),
}
"""Below these keys, keys of the one group exclude those of the other."""
_WHOLE = frozenset({"secrets", "variables", "secretOptions"})
"""Below these keys, a value in the form of a mapping is replaced as a whole."""


def names(manifest: Document) -> tuple[str, ...]:
    """Return the environments that a manifest speaks of; "" alone where it speaks of none."""
    written = manifest.data.get("environments")
    return tuple(str(name) for name in written) if isinstance(written, dict) and written else ("",)


def applied(manifest: Document, environment: str) -> Document:
    """Return the manifest as it holds in an environment; its origins are the paths of the file."""
    own = (manifest.data.get("environments") or {}).get(environment) if environment else None
    base = {key: value for key, value in manifest.data.items() if key != "environments"}
    origins: dict[KeyPath, KeyPath] = {}
    data = _laid(base, own if isinstance(own, dict) else {}, (), ("environments", environment), origins)
    places = {path: manifest.place(origin) for path, origin in origins.items()} | {(): manifest.place(())}
    return manifest.replaced(data=data, places=places, origins=origins)


def _laid(base: Any, own: Any, path: KeyPath, prefix: KeyPath, origins: dict[KeyPath, KeyPath]) -> Any:
    """Return `own`, of the path behind the prefix, laid over `base`; note the origin of every path."""
    if not isinstance(base, dict) or not isinstance(own, dict) or (path[-2:-1] and path[-2] in _WHOLE):
        taken = base if own is None else own
        _note(taken, path, () if own is None else prefix, origins)
        return taken
    origins[path] = path if own == {} else (*prefix, *path)
    merged = {}
    for key in dict.fromkeys((*base, *own)):
        below = (*path, key)
        if key not in own or own[key] is None:
            if key in base and not _excluded(path, key, own):
                _note(base[key], below, (), origins)
                merged[key] = base[key]
        elif key not in base:
            _note(own[key], below, prefix, origins)
            merged[key] = own[key]
        else:
            merged[key] = _laid(base[key], own[key], below, prefix, origins)
    return merged


def _excluded(path: KeyPath, key: str, own: dict[str, Any]) -> bool:
    """Say whether a key of the base goes because of what the environment writes beside it."""
    groups = _EXCLUSIVE.get(str(path[-1])) if path else None
    written = {one for one, value in own.items() if value is not None}
    return groups is not None and any(
        key in one and not written.isdisjoint(other) for one, other in (groups, groups[::-1])
    )


def _note(value: Any, path: KeyPath, prefix: KeyPath, origins: dict[KeyPath, KeyPath]) -> None:
    origins[path] = (*prefix, *path)
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        _note(child, (*path, key), prefix, origins)
