"""Where `python -m chuoigen.comment` starts."""

import sys

from chuoigen.comment.running import main

if __name__ == "__main__":
    sys.exit(main())
