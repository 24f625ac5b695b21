"""PyTorch's own sample inputs of the convolutions, through both paths."""

import pytest

from tests import opinfo

CONVOLUTIONS = ("conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d")


@pytest.mark.parametrize(("name", "variant"), opinfo.cases(*CONVOLUTIONS))
def test_numpy_path_agrees_on_every_sample(name, variant):
    opinfo.check_numpy(name, variant)


@pytest.mark.parametrize(("name", "variant"), opinfo.cases(*CONVOLUTIONS))
def test_torch_path_agrees_on_every_sample(name, variant):
    opinfo.check_torch(name, variant)


@pytest.mark.parametrize(("name", "variant"), opinfo.error_cases(*CONVOLUTIONS))
def test_both_paths_refuse_what_torch_refuses(name, variant):
    opinfo.check_errors(name, variant)
