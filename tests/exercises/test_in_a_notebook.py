"""A sample in a real kernel: HTML answers in the notebook's language, and the kernel outlives a crash."""

import nbclient
import nbformat
import pytest

from upsample_lib.exercises import all_exercises
from upsample_lib.exercises.report import marked_up

FIRST = {
    "ru": '# Ставит библиотеку курса\nfrom pathlib import Path\nlist(Path().glob("upsample_lib-*.whl"))',
    "en": '# Installs the library\nfrom pathlib import Path\nlist(Path().glob("upsample_lib-*.whl"))',
}
CELLS = (
    "import os\nimport numpy as np\nfrom upsample_lib.exercises import ch05",
    "def scatter(x, w, s=1, p=0):\n    ...\n\n\nch05.scatter.check(scatter)",
    "def scatter(x, w, s=1, p=0):\n    os._exit(1)\n\n\nch05.scatter.check(scatter)",
    "def scatter(x, w, s=1, p=0):\n    y = nothing\n    return y\n\n\nch05.scatter.check(scatter)",
    "def size(x, w, s):\n    return (len(x) - 1) * s + len(w)\n\n\n"
    "def scatter(x, w, s=1, p=0):\n    y = np.zeros(size(x, w, s))\n    for i in range(len(x)):\n"
    "        y[i * s : i * s + len(w)] += x[i] * w\n    return y[p : len(y) - p]\n\n\n"
    "ch05.scatter.check(scatter)",
)
SAID = {
    "ru": ("Ещё не написано", "аварийно завершила", "Строка <code>y = nothing</code>", "Верно"),
    "en": (
        "Not written yet",
        "brought down the process",
        "In the line <code>y = nothing</code>",
        "Right on every",
    ),
}


# a mistake of each of chapters 6 to 8, as a learner writes it: not the library's own wrong implementation
MISTAKES = {
    "zeros_appended": "def crop(full, p, a):\n    cut = full[p : len(full) - p]\n"
    "    return np.concatenate([cut, [0.0] * a])\n\n\nch06.crop.check(crop)",
    "always_zero": "def output_padding(m, k, s=1, p=0):\n    return 0 * m\n\n\n"
    "ch06.output_padding.check(output_padding)",
    "every_pair": "def bilinear(w, s):\n    k = w.shape[-1]\n    t = torch.arange(k).double()\n"
    "    tent = 1 - abs(t - (k - 1) / 2) / s\n    kernel = tent[:, None] * tent\n"
    "    return torch.ones_like(w) * kernel\n\n\nch06.bilinear.check(bilinear)",
    "divisible_is_enough": "def even(k, s, p=0, a=0, d=1):\n    return not k % s\n\n\nch07.even.check(even)",
    "repeated": "def icnr(f, s):\n    return torch.cat([f] * s**2)\n\n\nch08.icnr.check(icnr)",
    "not_flipped": "def tied_kernel(w, s):\n    return sum(np.pad(w, (a, s - 1 - a)) for a in range(s))"
    "\n\n\nch08.tied_kernel.check(tied_kernel)",
}


def shown(language: str, *sources: str) -> list[str]:
    """The HTML of the cells from the third on, run in one kernel."""
    cells = [nbformat.v4.new_code_cell(source) for source in (FIRST[language], *sources)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return ["".join(o.data["text/html"]) for cell in notebook.cells[2:] for o in cell.outputs]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_answers_in_a_live_kernel(language: str) -> None:
    found = shown(language, *CELLS)
    assert len(found) == len(SAID[language])
    for html, words in zip(found, SAID[language]):
        assert words in html


@pytest.mark.parametrize("language", ["ru", "en"])
def test_mistakes_are_named_in_a_live_kernel(language: str) -> None:
    imports = "import numpy as np\nimport torch\nfrom upsample_lib.exercises import ch06, ch07, ch08"
    found = shown(language, imports, *MISTAKES.values())
    for html, (name, source) in zip(found, MISTAKES.items(), strict=True):
        one = next(
            one for one in all_exercises() if source.endswith(f"{one.name}.check({one.function_name})")
        )
        (says,) = (mistake.says for mistake in one.mistakes if mistake.name == name)
        assert marked_up(says.said_in(language)) in html
