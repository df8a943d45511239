"""Turns generated files in memory into files in a folder: described, compared, shown as a diff, written."""

from chuoigen.tree.artifact import MANIFEST, Artifact, Built, Tree
from chuoigen.tree.difference import tree_diff, unified_diff
from chuoigen.tree.survey import Comparison, compare, texts_in
from chuoigen.tree.unchanged import Unchanged, built_from, unchanged
from chuoigen.tree.writing import Written, refuse_other, replace_file, write

__all__ = [
    "MANIFEST",
    "Artifact",
    "Built",
    "Comparison",
    "Tree",
    "Unchanged",
    "Written",
    "built_from",
    "compare",
    "refuse_other",
    "replace_file",
    "texts_in",
    "tree_diff",
    "unchanged",
    "unified_diff",
    "write",
]
