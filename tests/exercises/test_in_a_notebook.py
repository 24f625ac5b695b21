"""A sample in a real kernel: HTML answers in the notebook's language, and the kernel outlives a crash."""

import nbclient
import nbformat
import pytest

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


@pytest.mark.parametrize("language", ["ru", "en"])
def test_answers_in_a_live_kernel(language: str) -> None:
    cells = [nbformat.v4.new_code_cell(source) for source in (FIRST[language], *CELLS)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    shown = ["".join(o.data["text/html"]) for cell in notebook.cells[2:] for o in cell.outputs]
    assert len(shown) == len(SAID[language])
    for html, words in zip(shown, SAID[language]):
        assert words in html
