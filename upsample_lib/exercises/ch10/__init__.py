"""Exercises of chapter 10, autoencoders: an encoder's mirror, a loss to repair, a VAE's bottleneck."""

from typing import TYPE_CHECKING

from upsample_lib.exercises.ch10.decoder import EXERCISE as mirror
from upsample_lib.exercises.chapter import Chapter

if TYPE_CHECKING:
    from upsample_lib.exercises.exercise import Exercise

    bottleneck: Exercise
    denoising_loss: Exercise

__all__ = ["bottleneck", "denoising_loss", "exercises", "mirror", "progress"]

_chapter = Chapter(
    __name__,
    ("mirror", "denoising_loss", "bottleneck"),
    in_torch={"denoising_loss": "denoising", "bottleneck": "cloud"},
)
__getattr__, __dir__ = _chapter.load, _chapter.names
exercises, progress = _chapter.exercises, _chapter.progress
