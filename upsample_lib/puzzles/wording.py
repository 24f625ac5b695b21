"""Numbers inside sentences: a decimal comma or point, a real minus sign, and the colour code.

A sentence marks what it colours: ``‹i2›`` is the 2 in the input's colour, ``‹k…›`` the kernel's, ``‹o…›`` the
output's, ``‹z…›`` that of zeros; back quotes are code. The browser turns the marks into elements.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from upsample_lib.exercises.language import Text

Sayable = Text | str | float


def number(value: float) -> Text:
    """A number as each language writes it.

    >>> number(-0.25)
    Text(ru='−0,25', en='−0.25')
    """
    written = f"{round(float(value), 4) + 0.0:g}".replace("-", "−")
    return Text(written.replace(".", ","), written)


def said(value: Sayable) -> Text:
    if isinstance(value, Text):
        return value
    return Text(value, value) if isinstance(value, str) else number(value)


def joined(separator: str, parts: Iterable[Sayable]) -> Text:
    """The parts with the separator between them, in both languages."""
    texts = [said(part) for part in parts]
    return Text(separator.join(text.ru for text in texts), separator.join(text.en for text in texts))


def row(values: Sequence[float] | np.ndarray, mark: str = "") -> Text:
    """A tuple of numbers; Russian sets semicolons where decimal commas stand.

    >>> row([1, 0.5])
    Text(ru='(1; 0,5)', en='(1, 0.5)')
    """
    texts = [number(value) for value in values]
    if mark:
        texts = [coloured(mark, text) for text in texts]
    separator = "; " if any("," in text.ru for text in texts) else ", "
    return Text(f"({separator.join(text.ru for text in texts)})", f"({', '.join(text.en for text in texts)})")


def coloured(mark: str, value: Sayable) -> Text:
    text = said(value)
    return Text(f"‹{mark}{text.ru}›", f"‹{mark}{text.en}›")


def inp(value: Sayable) -> Text:
    return coloured("i", value)


def ker(value: Sayable) -> Text:
    return coloured("k", value)


def out(value: Sayable) -> Text:
    return coloured("o", value)


def zero(value: Sayable) -> Text:
    return coloured("z", value)


def bracketed(value: float) -> Text:
    """A factor: negative ones stand in brackets."""
    text = number(value)
    return Text(f"({text.ru})", f"({text.en})") if value < 0 else text


def products(pairs: Iterable[tuple[float, float]]) -> Text:
    """``2·100 + 3·1``, inputs and weights in their colours."""
    return joined(" + ", [joined("·", [inp(bracketed(x)), ker(bracketed(w))]) for x, w in pairs])
