"""`python -m server.cli`: how the supervisor starts its children."""

import sys

from server.cli import main

if __name__ == "__main__":
    sys.exit(main())
