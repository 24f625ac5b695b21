"""PyTorch's own sample inputs of interpolation, through both paths."""

import pytest

from tests import opinfo

pytestmark = pytest.mark.filterwarnings("ignore:.*is deprecated:UserWarning")
NAMES = ("interpolate", "upsample_bilinear", "upsample_nearest")


@pytest.mark.parametrize(("name", "variant"), opinfo.cases(*NAMES))
def test_numpy_path_agrees_with_torch(name: str, variant: str) -> None:
    opinfo.check_numpy(name, variant)


@pytest.mark.parametrize(("name", "variant"), opinfo.cases(*NAMES))
def test_torch_path_agrees_with_torch_and_its_gradients(name: str, variant: str) -> None:
    opinfo.check_torch(name, variant)
