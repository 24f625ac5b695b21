"""The size solver: every transposed convolution from n to m, and what `output_padding` chooses between."""

from typing import Any

import traitlets

from upsample_lib.explorables.base import Drawing, Explorable, WholeNumber, joined
from upsample_lib.sizes import TransposedSetting, transposed_settings

LARGEST_SIZE = 1024
LARGEST_KERNEL = 16


def _quality(setting: TransposedSetting) -> int:
    """0: even overlap and m = s·n; 1: even; 2: uneven; 3: output pixels that get no print."""
    k, s, p, a, _ = setting
    if k < s or a > p:
        return 3
    if not setting.even_overlap:
        return 2
    return 0 if k - s - 2 * p + a == 0 else 1


class ChosenSetting(traitlets.TraitType[TransposedSetting | None, Any]):
    """A setting as (k, s, p, a); None where there is none to choose."""

    def __init__(self) -> None:
        super().__init__(None, allow_none=True)
        self.tag(
            sync=True, to_json=lambda value, _: value and list(value[:4]), from_json=lambda value, _: value
        )

    def validate(self, obj: Any, value: Any) -> TransposedSetting:
        whole = WholeNumber()
        whole.name = self.name
        try:
            numbers = [whole.validate(obj, number) for number in value]
        except TypeError:
            numbers = []
        if len(numbers) not in (4, 5) or numbers[4:] not in ([], [1]):
            raise traitlets.TraitError(f"{self.name} must be (k, s, p, a) or None, got {value!r}")
        k, s, p, a = numbers[:4]
        return TransposedSetting(k, s, p, a, 1)


class SizeSolver(Explorable):
    """All settings of a transposed convolution that take size n to size m, the exact ones first.

    Traits: `n`, `m` and `max_kernel` ask; `chosen` is the setting whose line of code and whose colliding
    sizes are shown, given as (kernel_size, stride, padding, output_padding); None stands for the first one.
    `settings` holds the answers.

    >>> e = SizeSolver(n=16, m=32, max_kernel=4)
    >>> [setting[:4] for setting in e.settings]
    [(2, 2, 0, 0), (4, 2, 1, 0), (3, 2, 1, 1), (1, 2, 0, 1)]
    >>> e.chosen = (3, 2, 1, 1)
    >>> e.m = 31
    >>> e.chosen.output_padding
    0
    """

    _esm = joined("grid.js", "explorable.js", "size_settings.js", "size_solver.js")
    _css = joined("explorables.css", "size_solver.css")

    n = WholeNumber(16).tag(sync=True)
    m = WholeNumber(32).tag(sync=True)
    max_kernel = WholeNumber(6).tag(sync=True)
    chosen = ChosenSetting()

    @traitlets.default("name")
    def _default_name(self) -> str:
        return "size-solver"

    @traitlets.default("chosen")
    def _default_chosen(self) -> TransposedSetting | None:
        return next(iter(self.settings), None)

    @property
    def settings(self) -> list[TransposedSetting]:
        """In the order shown: exact, even, uneven, with bare pixels; then by kernel size, stride, padding."""
        found = transposed_settings(self.n, self.m, self.max_kernel)
        return sorted(found, key=lambda setting: (_quality(setting), setting))

    @traitlets.validate("n", "m", "max_kernel")
    def _within_limits(self, proposal: Any) -> int:
        name, value = proposal["trait"].name, int(proposal["value"])
        highest = LARGEST_KERNEL if name == "max_kernel" else LARGEST_SIZE
        if not 1 <= value <= highest:
            raise traitlets.TraitError(f"{name} must be from 1 to {highest}, got {value}")
        return value

    @traitlets.validate("chosen")
    def _among_the_settings(self, proposal: Any) -> TransposedSetting | None:
        chosen: TransposedSetting | None = proposal["value"]
        found = self.settings
        if chosen is not None and chosen not in found:
            raise traitlets.TraitError(
                f"chosen must be one of the {len(found)} settings for {self.n} → {self.m} "
                f"with k ≤ {self.max_kernel}, got {tuple(chosen[:4])}"
            )
        return chosen

    @traitlets.observe("n", "m", "max_kernel", "chosen")
    def _keep_possible(self, change: Any) -> None:
        found: list[TransposedSetting | None] = [*self.settings] or [None]
        if self.chosen not in found:
            # the same layer, if another output_padding makes it fit
            same = (one for one in found if one and self.chosen and one[:3] == self.chosen[:3])
            self.chosen = next(same, found[0])
        if self.comm is not None:
            self._send_poster()

    def draw_poster(self) -> str:
        drawing = Drawing()
        for at, (symbol, colour) in enumerate((("k", "kernel"), ("s", "ink"), ("p", "zero"), ("a", "zero"))):
            drawing.text(symbol, 0.6 + at, 0.5, colour, bold=True)
        drawing.text("m", 4.7, 0.5, "output", bold=True, anchor="start")
        found = self.settings
        for row, setting in enumerate(found[:12], start=1):
            k, s, p, a, _ = setting
            for at, number in enumerate((k, s, p, a)):
                drawing.text(str(number), 0.6 + at, row + 0.5, "ink")
            rest = k - s - 2 * p + a
            steady = f"{s}n" if s > 1 else "n"
            rule = f"{steady} {'−' if rest < 0 else '+'} {abs(rest)}" if rest else steady
            drawing.text(rule, 4.7, row + 0.5, "ink", anchor="start")
            if _quality(setting) < 2:
                drawing.text("✓", 7.1, row + 0.5, "output", bold=True)
            if setting == self.chosen:
                drawing.frame(0, row, 7.6, 1, "output")
        drawing.reach(7.6, min(len(found), 12) + 1)
        asked = f"{self.n} → {self.m}, k ≤ {self.max_kernel}: {len(found)}"
        return drawing.markup(f"{self.n} → {self.m}", [asked])
