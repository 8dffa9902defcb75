"""``python -m latentreuse`` is the command ``latentreuse``."""

import sys

from latentreuse.cli import main

if __name__ == "__main__":  # the workers of `verify` import this file too
    sys.exit(main())
