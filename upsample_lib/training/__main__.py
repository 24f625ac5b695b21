"""`python -m upsample_lib.training`."""

import sys

from upsample_lib.training.command import main

if __name__ == "__main__":
    sys.exit(main())
