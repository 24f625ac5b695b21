import gzip
import subprocess
import sys
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from traitlets import TraitError

from upsample_lib.explorables import TransposedConvolution1D, TransposedConvolution2D

BOTH = pytest.mark.parametrize("kind", [TransposedConvolution1D, TransposedConvolution2D])


def test_output_computed_by_hand():
    e = TransposedConvolution1D(input=[2, 3], weight=[1, -1, 4], stride=2)
    # stamps 2·(1, −1, 4) at 0 and 3·(1, −1, 4) at 2
    np.testing.assert_array_equal(e.output, [2, -2, 8 + 3, -3, 12])
    e.padding = 1
    np.testing.assert_array_equal(e.output, [-2, 11, -3])


def test_output_equals_torch_in_2d():
    e = TransposedConvolution2D(stride=3, padding=2, output_padding=1, dilation=2)
    expected = F.conv_transpose2d(
        torch.tensor(e.input)[None, None],
        torch.tensor(e.weight)[None, None],
        stride=3,
        padding=2,
        output_padding=1,
        dilation=2,
    )
    np.testing.assert_allclose(e.output, expected[0, 0].numpy(), rtol=1e-12)


def test_arrays_lists_and_numpy_integers_are_accepted_and_kept_read_only():
    e = TransposedConvolution2D(stride=np.int64(1))
    e.input = np.arange(6).reshape(2, 3)
    e.weight = [[1, 2]]
    assert e.input.dtype == np.float64
    assert e.output.shape == (2, 4)
    with pytest.raises(ValueError, match="read-only"):
        e.input[0, 0] = 7


@BOTH
@pytest.mark.parametrize(
    ("trait", "value", "sentence"),
    [
        ("stride", 0, "stride must be from 1 to 4, got 0"),
        ("stride", 2.0, "stride must be an integer, got 2.0"),
        ("stride", "2", "stride must be an integer, got '2'"),
        ("stride", True, "stride must be an integer, got True"),
        ("dilation", 9, "dilation must be from 1 to 3, got 9"),
        (
            "output_padding",
            2,
            "from 0 to 1 (it must be smaller than the stride 2 or the dilation 1), got 2",
        ),
        ("padding", -1, "padding must be from 0 to"),
        ("padding", 7, "(more would leave no output), got 7"),
        ("step", 99, "step must be from 0 to"),
        ("input", "text", "input must be an array of numbers, got 'text'"),
        ("weight", [], "weight must have the shape 1…5"),
        ("weight", np.ones((9, 9, 9)), "weight must have the shape 1…5"),
        ("name", "Two words", "name must be made of a–z, 0–9 and hyphens"),
    ],
)
def test_a_bad_value_is_refused_with_a_sentence_and_changes_nothing(kind, trait, value, sentence):
    e = kind()
    before = getattr(e, trait)
    with pytest.raises(TraitError) as refused:
        setattr(e, trait, value)
    assert sentence in str(refused.value)
    np.testing.assert_array_equal(getattr(e, trait), before)


@pytest.mark.parametrize("number", [np.nan, np.inf, 100.0])
def test_numbers_that_no_cell_can_show_are_refused(number):
    with pytest.raises(TraitError, match="input must hold numbers from −99 to 99"):
        TransposedConvolution1D(input=[number])


def test_impossible_settings_are_refused_at_creation():
    with pytest.raises(TraitError, match="output_padding must be from 0 to 0"):
        TransposedConvolution1D(stride=1, output_padding=1)
    with pytest.raises(TraitError, match="padding must be from 0 to 1"):
        TransposedConvolution1D(input=[1], weight=[1, 2, 3], stride=1, padding=2)


def test_a_change_lowers_what_it_makes_impossible():
    e = TransposedConvolution1D(stride=3, output_padding=2, padding=3, input=[1, 2], weight=[1, 1, 1, 1])
    e.stride = 1
    assert e.output_padding == 0
    assert e.padding == 2
    e.step = 2
    e.input = [1]
    assert (e.padding, e.step) == (1, 1)
    assert e.output.shape == (2,)


@BOTH
def test_every_possible_setting_has_an_output(kind):
    e = kind()
    for stride in range(1, 5):
        e.stride = stride
        for dilation in range(1, 4):
            e.dilation = dilation
            for output_padding in range(max(stride, dilation)):
                e.output_padding = output_padding
                e.padding = e._largest_padding()
                assert min(e.output.shape) >= 1
                assert e.output.size == np.prod(e._output_sizes())


@BOTH
def test_the_poster_is_wellformed_and_follows_the_traits(kind):
    e = kind()
    before = e.poster
    ET.fromstring(before)
    assert "var(--up-input, #0072B2)" in before
    e.padding = 1
    assert e.poster != before
    assert f"= {e.output.shape[0]}" in e.poster
    assert e.get_state()["poster"] == e.poster


@BOTH
def test_the_script_is_one_module_without_imports_and_small(kind):
    assert kind._esm.count("export ") == 1
    assert kind._esm.rstrip().endswith("export default { render };")
    assert "import" not in kind._esm
    assert len(gzip.compress(kind._esm.encode(), 9)) <= 15_000
    assert len(gzip.compress(kind._css.encode(), 9)) <= 3_000


def test_the_package_itself_imports_no_widgets():
    code = "import sys, upsample_lib; assert not {'anywidget', 'ipywidgets', 'traitlets'} & set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
