"""Exercises of chapter 9, U-Net: the Dice loss, a skip connection of any size, a loss to repair."""

from typing import TYPE_CHECKING

from upsample_lib.exercises.chapter import Chapter

if TYPE_CHECKING:
    from upsample_lib.exercises.exercise import Exercise

    dice_loss: Exercise
    join: Exercise
    pixel_loss: Exercise

__all__ = ["dice_loss", "exercises", "join", "pixel_loss", "progress"]

_chapter = Chapter(
    __name__,
    ("join", "dice_loss", "pixel_loss"),
    in_torch={"join": "skip", "dice_loss": "areas", "pixel_loss": "pixels"},
)
__getattr__, __dir__ = _chapter.load, _chapter.names
exercises, progress = _chapter.exercises, _chapter.progress
