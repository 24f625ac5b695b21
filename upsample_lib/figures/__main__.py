"""`python -m upsample_lib.figures OPERATION … FILE`: an animation of an operation, for any parameters."""

import sys

from upsample_lib.figures.animation_command import main

if __name__ == "__main__":
    sys.exit(main())
