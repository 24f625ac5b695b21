"""PyTorch's own sample inputs of pooling, unpooling and pixel shuffling, through both paths."""

import pytest

from tests import opinfo

OPERATIONS = (
    "max_pool1d",
    "max_pool2d",
    "max_pool3d",
    "avg_pool1d",
    "avg_pool2d",
    "avg_pool3d",
    "max_unpool1d",
    "max_unpool2d",
    "max_unpool3d",
    "pixel_shuffle",
    "pixel_unshuffle",
)


@pytest.mark.parametrize(("name", "variant"), opinfo.cases(*OPERATIONS))
def test_numpy_path_agrees_on_every_sample(name, variant):
    opinfo.check_numpy(name, variant)


@pytest.mark.parametrize(("name", "variant"), opinfo.cases(*OPERATIONS))
def test_torch_path_agrees_on_every_sample(name, variant):
    opinfo.check_torch(name, variant)


@pytest.mark.parametrize(("name", "variant"), opinfo.error_cases(*OPERATIONS))
def test_both_paths_refuse_what_torch_refuses(name, variant):
    opinfo.check_errors(name, variant)
