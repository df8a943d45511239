"""The language: what a spec may say, as frozen strict models; `Spec` is the whole of one."""

from chuoigen.spec.service import Spec, json_schema

__all__ = ["Spec", "json_schema"]
