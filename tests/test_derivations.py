"""The four ways are one operation: on numbers worked out by hand, against each other, and against PyTorch."""

import ast
import itertools
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from upsample_lib import derivations as four

CHAPTER = Path(__file__).parent.parent / "book" / "05-transposed-convolution.md"

WAYS_1D = [four.scatter1d, four.recipe1d, four.matrix1d, four.gradient1d]
WAYS_2D = [four.scatter2d, four.recipe2d, four.matrix2d, four.gradient2d]


@pytest.mark.parametrize("way", WAYS_1D)
def test_by_hand(way):
    x, w = np.array([2.0, 3.0]), np.array([1.0, 10.0, 100.0])
    # 2 20 200 . .
    # . . 3 30 300
    np.testing.assert_array_equal(way(x, w, s=2), [2, 20, 200 + 3, 30, 300])
    np.testing.assert_array_equal(way(x, w, s=2, p=1), [20, 203, 30])
    np.testing.assert_array_equal(way(x, w, s=2, p=1, a=1), [20, 203, 30, 300])
    np.testing.assert_array_equal(way(x, w, s=1, d=2), [2, 3, 20, 30, 200, 300])


@pytest.mark.parametrize("way", WAYS_2D)
def test_by_hand_in_two_dimensions(way):
    x, w = np.array([[[1.0, 2.0], [3.0, 4.0]]]), np.array([[[[1.0, 10.0], [100.0, 1000.0]]]])
    expected = [[1, 10 + 2, 20], [100 + 3, 1000 + 30 + 200 + 4, 2000 + 40], [300, 3000 + 400, 4000]]
    np.testing.assert_array_equal(way(x, w), [expected])


def settings():
    """All small (n, k, s, p, a, d) that torch accepts."""
    for n, k, s, p, d in itertools.product((1, 2, 3, 5), (1, 2, 3, 4), (1, 2, 3), range(5), (1, 2, 3)):
        for a in range(max(s, d)):
            if four.output_size(n, k, s, p, a, d) >= 1:
                yield n, k, s, p, a, d


def test_all_small_settings_agree_with_torch_in_one_dimension():
    rng = np.random.default_rng(1)
    for n, k, s, p, a, d in settings():
        x, w = rng.normal(size=n), rng.normal(size=k)
        expected = F.conv_transpose1d(
            torch.tensor(x)[None], torch.tensor(w)[None, None], None, s, p, a, 1, d
        )[0].numpy()
        for way in WAYS_1D:
            actual = way(x, w, s, p, a, d)
            np.testing.assert_allclose(
                actual, expected, atol=1e-12, err_msg=f"{way.__name__} {n, k, s, p, a, d}"
            )


def test_small_settings_agree_with_torch_in_two_dimensions():
    rng = np.random.default_rng(2)
    for n, k, s, p, a, d in itertools.islice(settings(), 0, None, 7):
        x, w = rng.normal(size=(2, n, n + 1)), rng.normal(size=(2, 3, k + 1, k))
        if four.output_size(n, k + 1, s, p, a, d) < 1:
            continue
        expected = F.conv_transpose2d(torch.tensor(x), torch.tensor(w), None, s, p, a, 1, d).numpy()
        for way in WAYS_2D:
            actual = way(x, w, s, p, a, d)
            np.testing.assert_allclose(
                actual, expected, atol=1e-12, err_msg=f"{way.__name__} {n, k, s, p, a, d}"
            )


def test_correlation_agrees_with_torch():
    rng = np.random.default_rng(3)
    x, w = rng.normal(size=(2, 9, 8)), rng.normal(size=(3, 2, 3, 2))
    for s, p, d in itertools.product((1, 2, 3), (0, 1, 2), (1, 2)):
        expected = F.conv2d(torch.tensor(x), torch.tensor(w), None, s, p, d).numpy()
        np.testing.assert_allclose(four.correlate2d(x, w, s, p, d), expected, atol=1e-12)
        one = F.conv1d(torch.tensor(x[:1, 0]), torch.tensor(w[:1, :1, 0]), None, s, p, d)[0].numpy()
        np.testing.assert_allclose(four.correlate1d(x[0, 0], w[0, 0, 0], s, p, d), one, atol=1e-12)


def test_the_matrix_is_that_of_the_convolution():
    rng = np.random.default_rng(4)
    for n, k, s, p, a, d in settings():
        if a >= s:  # then the convolution gives more than n values: the matrix keeps the first n
            continue
        w, y = rng.normal(size=k), rng.normal(size=four.output_size(n, k, s, p, a, d))
        expected = four.correlate1d(y, w, s, p, d)
        np.testing.assert_allclose(four.conv_matrix1d(n, w, s, p, a, d) @ y, expected, atol=1e-12)


def functions(source):
    """The functions of a source text, without docstrings and annotations."""
    found = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
            for argument in node.args.args:
                argument.annotation = None
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:]
            found.setdefault(node.name, ast.unparse(node))
    return found


def test_the_chapter_shows_the_same_code():
    cells = CHAPTER.read_text(encoding="utf-8").split("```{code-cell} ipython3\n")[1:]
    lines = "\n".join(cell.split("\n```")[0] for cell in cells).splitlines()
    chapter = functions("\n".join(line for line in lines if not line.startswith(":tags:")))
    ours = functions(Path(four.__file__).read_text(encoding="utf-8"))
    shown = [name for name in ours if name in chapter]
    assert {way.__name__ for way in (*WAYS_1D, four.scatter2d)} <= set(shown)
    for name in shown:
        assert chapter[name] == ours[name]
