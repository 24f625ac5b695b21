"""UpsampleConv2d: equal to the pair in every mode, and never a kernel that is not the weight's."""

import copy
import io
import pickle

import pytest
import torch
import torch.nn.functional as F
from torch import nn

import upsample_lib as up
from upsample_lib.nn import NearestConv, UpsampleConv2d
from upsample_lib.torch_path import upsample_convolution as torch_path


def made_pair(dtype=torch.float64, scale=2, k=3, groups=1, bias=True):
    torch.manual_seed(0)
    conv = nn.Conv2d(16 * groups, 4 * groups, k, padding=k // 2, groups=groups, bias=bias, dtype=dtype)
    return nn.Sequential(nn.Upsample(scale_factor=scale), conv)


@pytest.fixture
def pair():
    return made_pair()


@pytest.fixture
def layer(pair):
    """In evaluation mode, with a kept kernel."""
    return UpsampleConv2d.from_conv(copy.deepcopy(pair[1])).eval()


def images(dtype=torch.float64, channels=16):
    return torch.randn(2, channels, 9, 10, dtype=dtype, generator=torch.Generator().manual_seed(1))


def fresh(layer, x):
    """What the present weight gives, computed without the layer."""
    return F.conv2d(F.interpolate(x, scale_factor=2.0), layer.weight.detach(), layer.bias.detach(), padding=1)


def close(a, b):
    torch.testing.assert_close(a, b, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize(
    "options", [{}, {"scale": 3}, {"k": 5, "scale": 4}, {"k": 1}, {"groups": 2}, {"bias": False}]
)
def test_values_and_gradients_are_the_pairs_in_both_modes(options):
    pair = made_pair(**options)
    layer = UpsampleConv2d.from_conv(copy.deepcopy(pair[1]), options.get("scale", 2))
    x = images(channels=pair[1].in_channels).requires_grad_()
    for mode in (True, False):
        close(layer.train(mode)(x), pair(x))
        with torch.no_grad():
            close(layer(x), pair(x))
        slopes = [
            torch.autograd.grad(m(x).square().sum(), [x, *m.parameters()], retain_graph=True)
            for m in (layer, pair)
        ]
        for given, right in zip(*slopes):
            torch.testing.assert_close(given, right, rtol=1e-11, atol=1e-9)


def test_a_kept_kernel_is_really_used(layer):
    x = images()
    assert layer._kept is not None
    layer._kept[1].zero_()  # not a public call: only to see which kernel computes
    with torch.no_grad():
        close(layer(x), layer.bias.detach()[:, None, None].expand(2, 4, 18, 20))


STEPS = {
    "SGD": lambda p: torch.optim.SGD(p, 0.1),
    "Adam": lambda p: torch.optim.Adam(p, 0.1),
    "Adam foreach": lambda p: torch.optim.Adam(p, 0.1, foreach=True),
    "AdamW fused": lambda p: torch.optim.AdamW(p, 0.1, fused=True),
}


@pytest.mark.parametrize("name", STEPS)
def test_an_optimisers_step_is_seen_without_changing_the_mode(layer, name):
    x, before = images(), layer.weight.detach().clone()
    optimiser = STEPS[name](layer.parameters())
    layer(x).square().sum().backward()
    optimiser.step()
    assert not torch.equal(before, layer.weight)
    with torch.no_grad():
        close(layer(x), fresh(layer, x))


def _set_data(layer):
    layer.weight.data = layer.weight.data + 1


def _new_parameter(layer):
    layer.weight = nn.Parameter(layer.weight.detach() * 2)


def _loaded(layer, assign):
    layer.load_state_dict({k: v + 1 for k, v in layer.state_dict().items()}, assign=assign)


CHANGES = {
    "copy_": lambda m: m.weight.detach().copy_(torch.ones(())),
    "init": lambda m: nn.init.ones_(m.weight),
    "add_ without gradients": lambda m: torch.no_grad()(m.weight.add_)(1),
    "data set": _set_data,
    "new parameter": _new_parameter,
    "loaded": lambda m: _loaded(m, False),
    "loaded by assignment": lambda m: _loaded(m, True),
    "training and back": lambda m: (m.train(), torch.no_grad()(m.weight.mul_)(3), m.eval()),
    "to another dtype and back": lambda m: m.float().double(),
    "apply": lambda m: m.apply(lambda part: torch.no_grad()(part.weight.mul_)(2)),
    "vector to parameters": lambda m: nn.utils.vector_to_parameters(
        nn.utils.parameters_to_vector(m.parameters()) + 1, m.parameters()
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_stale_kernel_is_impossible(layer, name):
    x = images()
    with torch.no_grad():
        layer(x)
    CHANGES[name](layer)
    with torch.no_grad():
        close(layer(x), fresh(layer, x))
    with torch.inference_mode():
        close(layer(x).clone(), fresh(layer, x))


def test_what_is_written_through_data_goes_unnoticed_until_prepare(layer):
    """The documented exception: PyTorch does not count these writes."""
    x = images()
    layer.weight.data.mul_(2)
    with torch.no_grad():
        assert not torch.allclose(layer(x), fresh(layer, x))
        layer.prepare()
        close(layer(x), fresh(layer, x))


def test_functional_call_uses_the_weights_it_is_given(layer):
    x = images()
    given = {name: p.detach() * 2 for name, p in layer.named_parameters()}
    with torch.no_grad():
        doubled = torch.func.functional_call(layer, given, (x,))
        close(doubled, 2 * layer(x))
        stacked = {name: torch.stack([p.detach(), p.detach() * 2]) for name, p in layer.named_parameters()}
        each = torch.vmap(lambda p: torch.func.functional_call(layer, p, (x,)))(stacked)
        close(each, torch.stack([layer(x), doubled]))


def test_frozen_weights_give_the_gradient_of_the_input(layer, pair):
    layer.requires_grad_(False)
    x = images().requires_grad_()
    with torch.inference_mode():
        layer.prepare()
    slopes = [torch.autograd.grad(m(x).square().sum(), x)[0] for m in (layer, pair)]
    close(*slopes)


def test_a_weight_born_in_inference_mode_keeps_no_kernel():
    x = images()
    with torch.inference_mode():
        layer = UpsampleConv2d(16, 4, dtype=torch.float64).eval()
        layer(x)
        layer.weight.mul_(2)
        close(layer(x), fresh(layer, x))


def test_copies_and_pickles_make_their_own_kernel(layer):
    x = images()
    with torch.no_grad():
        layer(x)
        for twin in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer)), copy.copy(layer)):
            assert twin._kept is None
            twin.weight = nn.Parameter(twin.weight.detach() * 2)
            close(twin(x), fresh(twin, x))
        close(layer(x), fresh(layer, x))
    file = io.BytesIO()
    torch.save(layer, file)
    assert len(file.getvalue()) < 2 * layer.weight.numel() * 8 + 4096


def test_state_dicts_go_both_ways_and_take_the_pairs_names(pair):
    layer = UpsampleConv2d(16, 4, dtype=torch.float64)
    assert list(layer.state_dict()) == ["weight", "bias"]
    layer.load_state_dict(pair.state_dict())
    block = NearestConv(16, 4, dtype=torch.float64)
    outer = nn.ModuleDict({"up": UpsampleConv2d(16, 4, dtype=torch.float64)})
    outer.load_state_dict(nn.ModuleDict({"up": block}).state_dict())
    x = images()
    close(layer(x), pair(x))
    close(outer["up"](x), block(x))
    with pytest.raises(RuntimeError, match=r"Unexpected key.*2\.weight"):
        layer.load_state_dict({f"2.{k}": v for k, v in pair[1].state_dict().items()})


@pytest.mark.parametrize("training", [True, False])
def test_under_torch_compile(pair, training):
    layer = UpsampleConv2d.from_conv(copy.deepcopy(pair[1])).train(training)
    compiled = torch.compile(layer, backend="aot_eager", fullgraph=True)
    x = images().requires_grad_()
    slopes = [torch.autograd.grad(m(x).square().sum(), [x, *layer.parameters()]) for m in (compiled, layer)]
    for given, right in zip(*slopes):
        torch.testing.assert_close(given, right, rtol=1e-11, atol=1e-9)
    with torch.no_grad():
        close(compiled(x), layer(x))
        layer.weight.mul_(2)
        close(compiled(x), fresh(layer, x))


def test_under_torch_export_and_fx(layer):
    x = images()
    program = torch.export.export(layer, (x,))
    graph = torch.fx.symbolic_trace(layer)
    pickle.loads(pickle.dumps(graph))
    torch.fx.symbolic_trace(layer)  # still possible afterwards
    with torch.no_grad():
        close(program.module()(x), layer(x))
        close(graph(x), layer(x))
        layer.weight.mul_(2)
        close(graph(x), fresh(layer, x))


def test_a_traced_layer_can_be_saved(layer):
    """Tracing writes down operations; a function of our own could not be written to a file."""
    x = torch.randn(1, 16, 40, 40, dtype=torch.float64)
    file = io.BytesIO()
    torch.jit.save(torch.jit.trace(layer.train(), x), file)
    file.seek(0)
    with torch.no_grad():
        close(torch.jit.load(file)(x), fresh(layer, x))


@pytest.mark.parametrize("training", [True, False])
def test_under_autocast_the_error_is_the_pairs_own(training):
    pair = made_pair(torch.float32)
    layer = UpsampleConv2d.from_conv(copy.deepcopy(pair[1])).train(training)
    x = images(torch.float32)
    exact = copy.deepcopy(pair).double()(x.double())
    with torch.autocast("cpu", dtype=torch.bfloat16):
        results = layer(x), pair(x)
    errors = [float((y.detach().double() - exact.detach()).norm() / exact.detach().norm()) for y in results]
    assert results[0].dtype == results[1].dtype == torch.bfloat16
    assert errors[0] <= 3 * errors[1]
    results[0].float().sum().backward()
    assert layer.weight.grad.dtype == torch.float32


def test_channels_last_in_channels_last_out(layer):
    x = images().to(memory_format=torch.channels_last)
    with torch.no_grad():
        y = layer(x)
        assert y.is_contiguous(memory_format=torch.channels_last)
        assert layer(x.contiguous()).is_contiguous()
        close(y, fresh(layer, x))
        close(layer(x[0]), fresh(layer, x)[0])


def test_the_function_and_the_layer_agree(layer):
    x = images()
    with torch.no_grad():
        close(up.upsample_conv2d(x, layer.weight, layer.bias), layer(x))
        kept = torch_path.transposed(x, up.tied_kernel(layer.weight), layer.bias, (2, 2), 1)
        close(kept, layer(x))


REFUSED = [
    ({"kernel_size": 4}, "conv must keep the size and pad with zeros, but its kernel size 4 × 4 is even"),
    ({"padding": 0}, r"its padding is \(0, 0\), not \(1, 1\)"),
    ({"stride": 2}, r"its stride is \(2, 2\)"),
    ({"dilation": 2}, r"its dilation is \(2, 2\)"),
    ({"padding_mode": "reflect"}, "its padding_mode is 'reflect'"),
    ({"dtype": torch.complex64}, "its dtype is torch.complex64"),
]


@pytest.mark.parametrize(("options", "message"), REFUSED)
def test_convolutions_that_are_no_size_keeping_ones_are_refused(options, message):
    conv = nn.Conv2d(2, 2, **{"kernel_size": 3, "padding": 1, **options})
    with pytest.raises(ValueError, match=message):
        UpsampleConv2d.from_conv(conv)


def test_constructor_refuses_and_shows_its_numbers():
    with pytest.raises(ValueError, match="kernel_size must be odd to keep the size, got 4"):
        UpsampleConv2d(2, 2, kernel_size=4)
    with pytest.raises(ValueError, match="scale must be ≥ 1, got 0"):
        UpsampleConv2d(2, 2, scale=0)
    with pytest.raises(ValueError, match="input must have 2 channels"):
        UpsampleConv2d(2, 2)(torch.zeros(1, 3, 4, 4))
    text = repr(UpsampleConv2d(4, 2, scale=(1, 2), kernel_size=(1, 3), groups=2, bias=False))
    assert text == "UpsampleConv2d(4, 2, scale=(1, 2), kernel_size=(1, 3), groups=2, bias=False)"
