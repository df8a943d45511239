"""What a change does: two plans compared by what AWS will hold, and each difference in the classes of a reviewer."""

from chuoigen.review.changes import Change, Comparison, compare
from chuoigen.review.classes import Class
from chuoigen.review.side import Side, side_of

__all__ = ["Change", "Class", "Comparison", "Side", "compare", "side_of"]
