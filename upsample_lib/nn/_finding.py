"""One thing that an audit found in a model."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["checkerboard", "size", "alignment"]


@dataclass(frozen=True)
class Finding:
    """A layer that will leave a checkerboard, lose a size or move the pixel grid.

    Parameters
    ----------
    name : str
        The module's qualified name in the model, as in `model.named_modules()`; "" for the model itself.
    layer : str
        Its class, or the function that it called.
    kind : "checkerboard", "size" or "alignment"
        What goes wrong.
    reason : str
        Why, with the numbers.
    suggestion : str
        The nearest clean setting.
    """

    name: str
    layer: str
    kind: Kind
    reason: str
    suggestion: str

    def __str__(self) -> str:
        return f"{self.name or '(model)'} ({self.layer}): {self.kind}: {self.reason}; {self.suggestion}"
