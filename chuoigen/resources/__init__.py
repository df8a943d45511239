"""Resources of AWS as typed values that point at each other: every generated file is made of them."""

from chuoigen.resources.resource import Fill, Ref, Resource, Shape, members_of, patched, request, said, unique

__all__ = ["Fill", "Ref", "Resource", "Shape", "members_of", "patched", "request", "said", "unique"]
