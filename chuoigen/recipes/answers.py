"""What recipes answer with: small records, so that who asks knows nothing of the recipe behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.record import Record

if TYPE_CHECKING:
    from chuoigen.messages import Message
    from chuoigen.recipes.bases import Base
    from chuoigen.yaml.document import KeyPath


class Sources(Record):
    """From what docker builds an image. Paths are relative to the root of the project.

    `context` None: the folder of the generated files, and nothing else. `dockerfile` None: the generated one, which is
    told by the build argument GENERATED where its folder lies when the context is another. `needed` are the files and
    folders that the Dockerfile copies by name.
    """

    context: str | None = None
    dockerfile: str | None = None
    target: str | None = None
    needed: tuple[str, ...] = ()


class VolumeUse(Record):
    """A volume that a recipe works with: the key below the container that says so, and what is done with it."""

    volume: str
    path: KeyPath
    writes: bool
    what: Message


class BaseUse(Record):
    """A base image of a build: the key below build that chose it, and whether it was `written` out there.

    `stage` is builder or runtime where there are two, of one distribution and release. `newer` is what to write instead
    of a version whose image gets no more fixes; `pinned` an image of the same name that does not change.
    """

    key: str
    base: Base
    written: bool
    stage: str = ""
    newer: Message | None = None
    pinned: str = ""


class UnknownVersion(Record):
    """A version for which no image is known: its key below build, and the keys that name images instead."""

    key: str
    product: str
    version: str
    instead: tuple[str, ...]
    known: tuple[str, ...]


class Digests(Record):
    """Files whose names hold a digest of their content, and thus never change: `pattern` matches their URL paths.

    It is a regular expression as PCRE and Python read it; `maker` is the program that names the files.
    """

    maker: str
    pattern: str


class Shipper(Record):
    """What a log shipper keeps when it stops; sizes in MiB, times in seconds.

    `state` is the volume of its buffer and positions; `buffer_key` the key below build that sized the buffer, None
    when it was sized for the stop timeout.
    """

    state: str | None
    flushes: bool
    flush_seconds: int
    buffer: int
    buffer_key: KeyPath | None


class Kept(Record):
    """For how many seconds a server keeps a connection without a request, and the key below its container that decides.

    `server` is what people call it, `setting` where a longer time is said.
    """

    seconds: int
    server: str
    path: KeyPath
    setting: Message


class Permission(Record):
    """What the task role must allow; statements of one `sid` and the same actions become one.

    `key` is the key below build that calls for it, `why` says in words what the process does with it.
    """

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    key: KeyPath
    why: Message


class Words(Record):
    """Text that stands where a program looks for options: its path below build, and how an option begins there."""

    path: KeyPath
    text: str
    option: str = "-"


class Reading(Record):
    """Which files of an application a recipe looks at, as patterns relative to the context.

    Of those in `texts` the compiler keeps the text, of those in `names` only whether they are there. A key of build in
    braces stands for what is written there, or for each item of a list: {workspace}/package.json.
    """

    texts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
