"""Right answers against the library; wrong ones distinct, worded and recognised."""

import gzip
import json
import re
import subprocess
import sys
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import upsample_lib as up
from benchmarks.layers import Layer
from upsample_lib import puzzles
from upsample_lib.exercises.cases import mistake
from upsample_lib.nn import reassemble, sample_points
from upsample_lib.puzzles import ch05, ch06, ch07, ch10
from upsample_lib.puzzles.puzzle import content
from upsample_lib.puzzles.question import TOLERANCE, Question, Variant

ALL = puzzles.questions()
EACH = pytest.mark.parametrize("question", ALL, ids=lambda question: question.name)


def _line(x):
    return np.asarray(x, dtype=float)[None, None]


def _from_library(name, case):
    """The same answer by another road: the library's operation, or torch where the library has none."""
    c = case
    tensor = {
        key: torch.tensor(value)[None, None] for key, value in c.items() if isinstance(value, np.ndarray)
    }
    match name:
        case "ch01-padding":
            return up.max_pool1d(_line(c["x"]), c["k"], c["s"], c["p"])[0, 0]
        case "ch01-switches":
            return up.max_pool2d(c["x"][None], 2, return_indices=True)[1][0]
        case "ch01-gradient":
            x = tensor["x"].requires_grad_()
            F.max_pool1d(x, c["k"], c["s"]).backward(tensor["g"])
            return x.grad[0, 0].numpy()
        case "ch01-field":
            pairs = list(zip(c["k"].astype(int), c["s"].astype(int)))
            return [_field_by_gradient(pairs[: depth + 1]) for depth in range(len(pairs))]
        case "ch02-collision":
            x = np.zeros(c["n"])
            np.put(x, c["j"].astype(int), c["y"])
            return x
        case "ch02-restored":
            y, j, n = c["y"][None], c["j"].astype(int)[None], (len(c["y"]) - 1) * c["s"] + c["k"]
            x = up.max_unpool1d(y, j, c["k"], c["s"], output_size=(n,))
            return up.max_pool1d(x, c["k"], c["s"])[0]
        case "ch02-shares":
            return up.avg_unpool(c["y"][None], (c["k"],), (c["s"],))[0]
        case "ch02-pictures":
            y, j = up.max_pool2d(c["x"][None], 2, return_indices=True)
            return up.max_unpool2d(y, j, 2, output_size=c["x"].shape)[0]
        case "ch03-conventions":
            return np.stack(
                [
                    up.interpolate(_line(c["x"]), size=c["m"], mode="linear", align_corners=aligned)[0, 0]
                    for aligned in (False, True)
                ]
            )
        case "ch03-nearest":
            modes = ("nearest", "nearest-exact")
            return np.stack([up.interpolate(_line(c["x"]), size=c["m"], mode=mode)[0, 0] for mode in modes])
        case "ch03-fractional":
            return up.interpolate(_line(c["x"]), scale_factor=c["scale_factor"], mode="nearest")[0, 0]
        case "ch03-labels":
            return up.interpolate(c["x"][None, None], scale_factor=2, mode="nearest-exact")[0, 0]
        case "ch04-gather":
            return up.conv1d(_line(c["x"]), _line(c["w"]), stride=c["s"], padding=c["p"])[0, 0]
        case "ch04-dilated":
            return up.conv1d(_line(c["x"]), _line(c["w"]), dilation=c["d"])[0, 0]
        case "ch04-sizes":
            return [up.conv_output_size(int(n), c["k"], c["s"], c["p"]) for n in c["n"]]
        case "ch04-matrix":
            return up.conv_matrix(_line(c["w"]), c["n"], c["s"], c["p"]).toarray()
        case "ch05-stamps":
            return up.conv_transpose1d(_line(c["x"]), _line(c["w"]), stride=c["s"], padding=c["p"])[0, 0]
        case "ch05-zeros":
            return np.pad(up.zero_insert(c["x"][None], (c["s"],))[0], c["k"] - c["p"] - 1)
        case "ch05-wires":
            ones = np.eye(c["n"])[:, None]
            return up.conv_transpose1d(ones, _line(c["w"]), stride=c["s"], padding=c["p"])[:, 0].T
        case "ch05-plane":
            return up.conv_transpose2d(c["x"][None, None], c["w"][None, None], stride=c["s"])[0, 0]
        case "ch06-tail":
            x, w = _line(c["x"]), _line(c["w"])
            return up.conv_transpose1d(x, w, None, c["s"], c["p"], c["a"])[0, 0]
        case "ch06-sizes":
            rest = {"kernel_size": c["k"], "stride": c["s"], "padding": c["p"]}
            rest |= {"output_padding": c["a"], "dilation": c["d"]}
            layer = torch.nn.ConvTranspose1d(1, 1, **rest)
            return [layer(torch.zeros(1, 1, int(n))).shape[2] for n in c["n"]]
        case "ch06-which-a":
            k, s, p = c["k"], c["s"], c["p"]
            sizes = [up.conv_output_size(int(n), k, s, padding=p) for n in c["n"]]
            return [up.output_padding_for(m, int(n), k, s, p) for m, n in zip(sizes, c["n"])]
        case "ch06-weights":
            layer = torch.nn.ConvTranspose2d(c["inputs"], c["outputs"], c["k"], groups=c["groups"])
            return list(layer.weight.shape)
        case "ch07-overlap":
            ones = np.ones((1, 1, c["n"])), np.ones((1, 1, c["k"]))
            return up.conv_transpose1d(*ones, None, c["s"], c["p"], c["a"])[0, 0]
        case "ch07-plane":
            return up.overlap(c["k"], c["s"], (c["n"], c["n"]))
        case "ch07-phases":
            n, k, s = 8, len(c["w"]), c["s"]
            y = up.conv_transpose1d(np.ones((1, 1, n)), _line(c["w"]), stride=s)[0, 0]
            start = -(-k // s) * s
            return y[start : start + s]
        case "ch08-shuffle":
            channels, n = len(c["x"]) // 2, c["x"].shape[1]
            twice = np.tile(c["x"].reshape(channels, 1, 2, n), (1, 2, 1, 1))  # both rows of torch's blocks
            return F.pixel_shuffle(torch.tensor(twice.reshape(1, -1, 1, n)), 2)[0, :, 0].numpy()
        case "ch08-filters":
            return None  # below: the two layers agree
        case "ch08-tied":
            pulse = np.pad([1.0], 4)
            pair = np.correlate(np.pad(pulse.repeat(c["s"]), len(c["w"]) // 2), c["w"], "valid")
            first = 4 * c["s"] - len(c["w"]) // 2
            return pair[first : first + len(c["w"]) + c["s"] - 1]
        case "ch08-start":
            return up.interpolate(c["x"][None, None], scale_factor=2, mode="nearest")[0, 0]
        case "ch09-levels":
            down = [c["n"]]
            for _ in range(c["depth"]):
                down.append(up.pool_output_size(down[-1], 2))
            doubled = [2 * n for n in down[1:]]
            return [down[:-1], doubled]
        case "ch09-scores":
            a, b = (set(map(tuple, np.argwhere(c[key]))) for key in "ab")
            return [len(a & b) / len(a | b), 2 * len(a & b) / (len(a) + len(b))]
        case "ch10-sizes":
            layers = list(zip(*(c[key].astype(int).tolist() for key in "ksp")))
            x, sizes = torch.zeros(1, 1, c["n"]), [c["n"]]
            for k, s, p in layers:
                x = torch.nn.Conv1d(1, 1, k, s, p)(x)
                sizes.append(x.shape[2])
            pairs = zip(layers, sizes, sizes[1:])
            return [sizes[1:], [up.output_padding_for(m, n, k, s, p) for (k, s, p), n, m in pairs]]
        case "ch10-decoded":
            linear = torch.nn.Linear(2, 2, dtype=torch.float64)
            linear.load_state_dict({"weight": tensor["A"][0, 0], "bias": tensor["b"][0, 0]})
            h = linear(tensor["z"]).relu()
            return F.conv_transpose2d(h, tensor["w"], stride=2)[0].detach().numpy()
        case "ch11-sizes":
            x, found = torch.zeros(1, 1, 1, 1), []
            for k, s, p in zip(*(c[key].astype(int).tolist() for key in "ksp")):
                x = torch.nn.ConvTranspose2d(1, 1, k, s, p)(x)
                found.append(x.shape[2])
            return found
        case "ch12-reassembly":
            x, kernels = torch.zeros(1, 1, 1, len(c["x"])), torch.zeros(1, 9, 2, len(c["K"][0]))
            x[0, 0, 0], kernels[0, 3:6] = torch.tensor(c["x"]), torch.tensor(c["K"])[:, None]
            return reassemble(x, kernels)[0, 0, 0].tolist()
        case "ch12-points":
            offsets = torch.zeros(1, 2, 2, len(c["offsets"]), dtype=torch.float64)
            offsets[0, 0] = torch.tensor(c["offsets"])
            return sample_points(torch.tensor(_line(c["x"]))[:, :, None], offsets)[0, 0, 0].numpy().round(12)
        case "ch13-windows":
            return [_pixels_under(c["k"], c["s"], q) for q in range(c["s"], 2 * c["s"])]
        case "ch13-moved":
            found = Layer("", c["c_in"], c["c_out"], c["n"], c["k"], c["s"]).moved(itemsize=1)
            return [found["pair"], found["tied"]]
    raise KeyError(name)


def _field_by_gradient(layers):
    """How many inputs the middle output of a stack of convolutions of ones depends on."""
    x = torch.zeros(1, 1, 400, requires_grad=True)
    y = x
    for k, s in layers:
        y = F.conv1d(y, torch.ones(1, 1, int(k)), stride=int(s))
    y[0, 0, y.shape[2] // 2].backward()
    return int((x.grad != 0).sum())


def _pixels_under(k, s, q):
    """How many of three enlarged pixels output q of a convolution of ones depends on."""
    x = torch.zeros(1, 1, 3, requires_grad=True)
    F.conv1d(F.interpolate(x, scale_factor=s), torch.ones(1, 1, k), padding=k // 2)[0, 0, q].backward()
    return int((x.grad != 0).sum())


@EACH
def test_right_answers_are_the_librarys(question: Question) -> None:
    for variant in question.variants:
        if question.name in ("ch07-mend", "ch08-filters"):
            continue
        expected = np.asarray(_from_library(question.name, variant.case), dtype=float)
        np.testing.assert_allclose(variant.right, expected, rtol=1e-12)


def test_a_mended_kernel_leaves_no_pattern() -> None:
    for variant in ch07.MEND.variants:
        s = variant.case["s"]
        y = up.conv_transpose1d(np.ones((1, 1, 9)), _line(variant.right), stride=s)[0, 0]
        assert np.ptp(y[2 * s : -2 * s - 1]) == 0


def test_filters_of_phases_give_the_transposed_convolution() -> None:
    x = np.array([2.0, 3, 5, 7])
    (question,) = (one for one in ALL if one.name == "ch08-filters")
    for variant in question.variants:
        K, s = variant.case["K"], variant.case["s"]
        q = len(K) // s
        channels = [np.correlate(np.pad(x, q - 1), w, "valid") for w in variant.right]
        expected = up.conv_transpose1d(_line(x), _line(K), stride=s)[0, 0]
        np.testing.assert_allclose(np.stack(channels, axis=1).ravel(), expected)


def test_answers_computed_by_hand() -> None:
    assert ch05.STAMPS.variants[0].right.tolist() == [20, 200 + 3, 30]
    assert ch05.STAMPS.variants[0].wrong["overwritten"].tolist() == [20, 3, 30]
    assert ch06.TAIL.variants[0].right.tolist() == [20, 203, 30, 300]
    assert ch07.OVERLAP.variants[0].right.tolist() == [1, 2, 1, 2, 1, 2, 1, 1]
    assert ch07.MEND.variants[0].right.tolist() == [2, 7, 9, 2 + 9 - 7]
    assert ch10.SIZES.variants[0].right.tolist() == [[14, 7, 4], [28 - 27, 14 - 13, 7 - 7]]
    assert ch10.DECODED.variants[0].right.tolist() == [[6, 12, 0, 0], [18, -6, 0, 0]]


@EACH
def test_no_two_prepared_answers_are_alike(question: Question) -> None:
    for variant in question.variants:
        answers = {"right": variant.right, **variant.wrong}
        assert len(answers) == 1 + len(question.mistakes) >= 3
        for (one, a), (other, b) in combinations(answers.items(), 2):
            apart = a.shape != b.shape or np.abs(a - b).max() > 2 * TOLERANCE
            assert apart, f"{one} and {other}"


@EACH
def test_every_mistake_is_recognised_in_every_variant(question: Question) -> None:
    for number, variant in enumerate(question.variants):
        if question.kind == "choose":
            verdicts = [question.examine(at, number) for at in range(len(variant.options))]
            names = [None if place == 0 else question.mistakes[place - 1].name for place in variant.order]
            assert [verdict.mistake for verdict in verdicts] == names
            assert [verdict.right for verdict in verdicts] == [name is None for name in names]
            continue
        assert question.examine(variant.right, number) == (True, None, ())
        for name, answer in variant.wrong.items():
            verdict = question.examine(answer, number)
            assert (verdict.right, verdict.mistake) == (False, name)
            assert bool(verdict.wrong_cells) == (answer.shape == variant.right.shape)


@EACH
def test_texts_are_complete_in_both_languages(question: Question) -> None:
    texts = [question.title, question.asks, question.hint, *(one.says for one in question.mistakes)]
    texts += [variant.why for variant in question.variants]
    for russian, english in texts:
        assert re.search("[а-яё]", russian)
        assert not re.search("[а-яё]", english, re.IGNORECASE)
        assert russian.count("`") % 2 == english.count("`") % 2 == 0
        assert russian.count("‹") == english.count("‹")
        assert "{" not in russian + english
        assert not re.search(r"\d\.\d", re.sub("`[^`]*`", "", russian)), "a decimal point in Russian"
    assert len(question.cases) >= 3


@EACH
def test_the_numbers_to_fill_are_few(question: Question) -> None:
    for variant in question.variants:
        count = len(variant.options) if question.kind == "choose" else int(variant.open.sum())
        assert 1 <= count <= 10


def test_the_right_picture_moves() -> None:
    for question in (one for one in ALL if one.kind == "choose"):
        assert len({variant.order.index(0) for variant in question.variants}) == len(question.variants)


def test_a_variant_that_cannot_be_diagnosed_is_refused() -> None:
    case = {"x": np.array([2.0, 3]), "w": np.array([5.0, 5]), "s": 1, "p": 0}
    with pytest.raises(
        ValueError, match="variant 1 of ch05-stamps: the mistake flipped gives the same as the right"
    ):
        _ = replace(ch05.STAMPS, cases=(case,)).variants


def test_a_wrong_shape_is_refused_where_cells_are_fixed() -> None:
    @mistake("ошибка", "a mistake")
    def longer(w, n, s, p):  # type: ignore[no-untyped-def]
        return np.zeros((n + 5, n))

    with pytest.raises(
        ValueError, match=r"the mistake longer gives the shape \(7, 2\), the answer has \(3, 2\)"
    ):
        _ = replace(ch05.WIRES, mistakes=(longer,)).variants


def test_pages_stay_light() -> None:
    for chapter in {question.chapter for question in ALL}:
        data = [content(question) for question in ALL if question.chapter == chapter]
        assert len(gzip.compress(json.dumps(data, ensure_ascii=False).encode())) < 30_000
    assert len(gzip.compress(puzzles.Puzzle._esm.encode())) < 15_000


def test_names_are_unique_and_tell_the_chapter() -> None:
    names = [question.name for question in ALL]
    assert len(set(names)) == len(names) >= 30
    assert all(re.fullmatch(r"ch\d\d-[a-z-]+", name) for name in names)


def test_python_sees_what_the_reader_enters() -> None:
    puzzle = ch05.stamps()
    assert puzzle.verdict is None
    puzzle.answer = [[20, None, 30]]
    assert puzzle.verdict is None
    puzzle.answer = [[20, 203, 30]]
    assert puzzle.verdict is not None
    assert puzzle.verdict.right
    puzzle.variant = 1
    assert puzzle.answer is None
    with pytest.raises(Exception, match="variant must be from 0 to 2, got 3"):
        puzzle.variant = 3


def test_posters_show_the_givens_and_hide_the_answer() -> None:
    poster = ch05.plane().poster
    assert ">10</text>" in poster
    assert ">1234</text>" not in poster
    assert "s = 1" in poster
    variant: Variant = ch05.PLANE.variants[0]
    assert variant.right[1, 1] == 1234


def test_importing_loads_no_torch() -> None:
    code = "import sys, upsample_lib.puzzles; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
