"""Turns generated files in memory into files in a folder: described, compared, shown as a diff, written."""

from chuoigen.tree.artifact import MANIFEST, Artifact, Tree
from chuoigen.tree.difference import tree_diff, unified_diff
from chuoigen.tree.survey import Comparison, compare
from chuoigen.tree.writing import Written, replace_file, write

__all__ = [
    "MANIFEST",
    "Artifact",
    "Comparison",
    "Tree",
    "Written",
    "compare",
    "replace_file",
    "tree_diff",
    "unified_diff",
    "write",
]
