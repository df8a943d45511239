"""What a spec may say about an nginx."""

from typing import Literal

from pydantic import Field

from chuoigen.spec.build import ImageBuild
from chuoigen.spec.scalars import Memory, Seconds, Text


class NginxBuild(ImageBuild):
    """An nginx that serves static files from a volume and passes the rest to another container."""

    recipe: Literal["nginx"]
    upstream: Text | None = None
    """Container that answers what is not a static file; 127.0.0.1 on Fargate, its name under compose."""
    static: Text | None = None
    """Volume with the static files: the document root, served with gzip_static."""
    base: Text | None = None
    """Base image, in place of the pinned nginx."""
    max_body: Memory = 16
    """Largest request body that is passed on, in MiB."""
    timeout: Seconds | None = None
    """How long an answer of the upstream may take. Default: as long as the load balancer waits for one, 60 s behind
    none.
    """
    upstream_keepalive: Seconds | None = None
    """How long an idle connection to the upstream is kept; 0 for none. Default: a little less than the upstream keeps
    it, at most 30 s; 1 s where that is not known.
    """
    trusted: list[Text] = Field(default_factory=list)
    """Address ranges of the load balancer, whose X-Forwarded-For is believed: those of the VPC. Default: all private
    ranges, where this container is the target.
    """
    check_host: Text | None = None
    """Host that the health check of the load balancer asks the upstream for, which may refuse others."""
