"""The latent plane: the Python side, and in a real browser the decoder against torch."""

import gzip
import re
import xml.etree.ElementTree as ET
from typing import Any

import numpy as np
import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from torch import nn
from traitlets import TraitError

from tests.explorables.host import setting_of
from upsample_lib.explorables import LatentPlane
from upsample_lib.explorables.decoder_layers import decoded, packed, serialised, unpacked
from upsample_lib.nn import VAE, NearestConv, transposed_from_nearest_conv, upsampler

NAMES = [{"ru": "круг", "en": "circle"}, {"ru": "крест", "en": "cross"}]

# Sets z as a kernel would, waits for the drawing, reads the values, the grey levels drawn, and the words.
READ = """
async (points) => {
  const shown = [], picture = document.querySelector(".ux-image");
  for (const z of points) {
    models[0].set("z", z);
    await new Promise((done) => setTimeout(done));
    const { data } = picture.getContext("2d").getImageData(0, 0, picture.width, picture.height);
    shown.push({ values: [...picture.values], levels: [...data].filter((_, i) => i % 4 === 0),
      alpha: Math.min(...[...data].filter((_, i) => i % 4 === 3)),
      at: document.querySelector(".ux-where-now").textContent,
      near: document.querySelector(".ux-live").textContent });
  }
  return shown;
}
"""


def random_weights(model: nn.Module, seed: int, gain: float = 2.0) -> nn.Module:
    """Weights wide enough that the pictures depend on z, rounded to float16 as the page stores them."""
    torch.manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_((gain * parameter + 0.1 * torch.randn_like(parameter)).half().float())
    return model.eval()


def vae_decoder(kind: str, seed: int = 0, size: Any = (13, 10)) -> nn.Module:
    torch.manual_seed(seed)
    model = VAE(latent=2, widths=(4, 6, 8), upsampler=kind, size=size)
    return random_weights(nn.Sequential(model.decoder, nn.Sigmoid()), seed)


def plain_decoder() -> nn.Module:
    """Layers of torch: uneven stride, padding and output padding, a convolution, no bias in one layer."""
    torch.manual_seed(5)
    layers = nn.Sequential(
        nn.Linear(2, 24, bias=False),
        nn.ReLU(),
        nn.Unflatten(1, (4, 2, 3)),
        nn.ConvTranspose2d(4, 5, (3, 4), stride=(3, 2), padding=(1, 2), output_padding=(2, 1)),
        nn.ReLU(),
        nn.Conv2d(5, 1, 3, padding=1),
        nn.Sigmoid(),
    )
    return random_weights(layers, 5)


DECODERS = {
    "transposed": lambda: vae_decoder("transposed"),
    "nearest_conv": lambda: vae_decoder("nearest_conv"),
    "subpixel": lambda: vae_decoder("subpixel"),
    "digits": lambda: vae_decoder("transposed", 3, 8),
    "fashion": lambda: vae_decoder("transposed", 4, 28),
    "layers of torch": plain_decoder,
}


def as_stored(layer: nn.Module) -> nn.Module:
    """The layers whose weights are stored: nearest + convolution as the one layer that it equals."""
    if isinstance(layer, nn.Sequential):
        return nn.Sequential(*map(as_stored, layer))
    if not isinstance(layer, NearestConv):
        return layer
    return transposed_from_nearest_conv(layer).half().float()


def by_torch(decoder: nn.Module, points: Any) -> np.ndarray:
    with torch.no_grad():
        found: np.ndarray = as_stored(decoder)(torch.tensor(np.asarray(points), dtype=torch.float32))[
            :, 0
        ].numpy()
    return found


def random_points(seed: int, count: int, extent: float = 3.0) -> list[list[float]]:
    rng = np.random.default_rng(seed)
    return (rng.integers(-100 * extent, 100 * extent + 1, (count, 2)) / 100).tolist()


def small() -> LatentPlane:
    rng = np.random.default_rng(0)
    points = np.concatenate([rng.normal(-1, 0.5, (30, 2)), rng.normal(1, 0.5, (40, 2))])
    return LatentPlane(vae_decoder("transposed", 3, 8), points, [0] * 30 + [1] * 40, NAMES)


def test_a_decoder_computed_by_hand():
    layers = nn.Sequential(nn.Linear(2, 1), nn.Unflatten(1, (1, 1, 1)), nn.ConvTranspose2d(1, 1, 2, stride=2))
    with torch.no_grad():
        layers[0].weight.copy_(torch.tensor([[2.0, -1.0]]))
        layers[0].bias.fill_(0.5)
        layers[2].weight.copy_(torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]]))
        layers[2].bias.fill_(0.25)
    e = LatentPlane(layers, z=[1, 2])  # 2·1 − 1·2 + 0.5 = 0.5, printed once
    np.testing.assert_array_equal(e.output, [[0.75, 1.25], [1.75, 2.25]])


@pytest.mark.parametrize("name", DECODERS)
def test_numpy_runs_the_stored_weights_as_torch_does(name):
    decoder = DECODERS[name]()
    steps, points = serialised(decoder), random_points(1, 12)
    found = np.array([decoded(steps, z)[0] for z in points])
    assert found.std(axis=0).max() > 0.02  # the picture does depend on the point
    np.testing.assert_allclose(found, by_torch(decoder, points), atol=1e-4)


def test_stored_numbers_come_back():
    values = np.array([0, -0.0, 1, -2.5, 2.0**-24, 2.0**-14, 65504])
    np.testing.assert_array_equal(unpacked(packed(values)), values)


def test_the_nearest_are_counted_by_class():
    where = [[0, 0], [0, 0.5], [0, 0.75], [1, 1]] + [[-3, -3]] * 30
    e = LatentPlane(vae_decoder("transposed", 3, 8), where, [1, 1, 0, 2] + [3] * 30)
    assert e.nearest == {3: 16, 1: 2, 0: 1, 2: 1}
    assert LatentPlane(vae_decoder("transposed", 3, 8)).nearest == {}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"points": [[1, 2, 3]]}, "points must have the shape (n, 2)"),
        ({"points": [[np.nan, 0]]}, "points must be finite"),
        ({"points": [[0, 0]], "labels": [0, 1]}, "labels must be 1 integers"),
        ({"points": [[0, 0]], "labels": [10]}, "labels must be from 0 to 9, got 10 … 10"),
        (
            {"points": [[0, 0]], "labels": [1], "names": ["a"]},
            "names must hold one for each of the 2",
        ),
    ],
)
def test_wrong_points_are_refused_with_a_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        LatentPlane(vae_decoder("transposed", 3, 8), **arguments)


@pytest.mark.parametrize(
    ("layers", "error", "sentence"),
    [
        ([nn.Linear(2, 4), nn.Tanh()], TypeError, "layer '1' is Tanh"),
        ([nn.Linear(3, 4)], ValueError, "begin with a Linear layer that takes 2 numbers, got 3"),
        ([nn.Linear(2, 4)], ValueError, "one grey image (1, H, W), got the shape (4,)"),
        ([nn.Linear(2, 100_000)], ValueError, "at most 100000 weights to go into a page, got 300000"),
        (
            [nn.Linear(2, 4), nn.Unflatten(1, (4, 1, 1)), nn.ConvTranspose2d(4, 4, 3, groups=2)],
            ValueError,
            "groups and dilation 1; layer '2' has groups 2",
        ),
        ([nn.Linear(2, 4), nn.Unflatten(1, (1, 3, 3))], ValueError, "step 1 (shape) got (4,)"),
        (
            [nn.Linear(2, 1), nn.Unflatten(1, (1, 1, 1)), upsampler("bilinear_conv", 1, 1, 2)],
            TypeError,
            "Bil",
        ),
    ],
)
def test_a_decoder_that_cannot_go_into_a_page_is_refused(layers, error, sentence):
    with pytest.raises(error) as refused:
        LatentPlane(nn.Sequential(*layers))
    assert sentence in str(refused.value)


def test_weights_too_large_for_float16_are_refused():
    layers = nn.Sequential(nn.Linear(2, 4), nn.Unflatten(1, (1, 2, 2)))
    layers[0].weight.data[0, 0] = 1e6
    with pytest.raises(ValueError, match="finite weights from −65504 to 65504"):
        LatentPlane(layers)


@pytest.mark.parametrize("z", [[4, 0], [0], [0, float("nan")], "middle"])
def test_a_point_outside_the_plane_is_refused_and_changes_nothing(z):
    e = LatentPlane(vae_decoder("transposed", 3, 8), z=[1, 1])
    with pytest.raises(TraitError):
        e.z = z
    assert list(e.z) == [1, 1]


def test_the_poster_is_wellformed_and_follows_the_point():
    e = small()
    ET.fromstring(e.poster)
    e.z = [0.5, -1]
    assert 'aria-label="z = (0.5, −1)"' in e.poster


def test_the_script_is_one_small_module():
    script = LatentPlane._esm
    assert script.count("export ") == 1
    assert script.rstrip().endswith("export default { render };")
    assert not re.search(r"^import\b", script, re.MULTILINE)
    assert len(gzip.compress((script + LatentPlane._css).encode(), 9)) <= 15_000


@pytest.mark.parametrize("name", DECODERS)
def test_the_browser_draws_what_torch_computes(show, name):
    decoder = DECODERS[name]()
    points = random_points(2, 210)
    page = show(LatentPlane(decoder))
    shown = page.evaluate(READ, points)
    expected = by_torch(decoder, points).reshape(len(points), -1)
    np.testing.assert_allclose([one["values"] for one in shown], expected, atol=1e-4)
    np.testing.assert_allclose([one["levels"] for one in shown], 255 * expected, atol=0.55)
    assert {one["alpha"] for one in shown} == {255}


def test_the_words_name_the_point_and_its_neighbours(show):
    e = small()
    page = show(e)
    points = random_points(3, 60, e.extent)
    for z, shown in zip(points, page.evaluate(READ, points)):
        e.z = z
        x, y = (f"{value:g}".replace("-", "−") for value in z)
        assert shown["at"] == f"z = ({x}, {y})"
        counted = {name: int(count) for name, count in re.findall(r"(\w+) (\d+)(?=, |\. )", shown["near"])}
        assert counted == {NAMES[label]["en"]: count for label, count in e.nearest.items()}
        away = np.sqrt(((e.points - z) ** 2).sum(axis=1).min())
        assert float(re.search(r"is ([\d.]+) away", shown["near"])[1]) == pytest.approx(away, abs=5.1e-3)


def plane(page: Any) -> Any:
    return page.get_by_role("slider", name="Point in the plane")


def test_the_point_follows_the_pointer_and_stays_inside(show):
    e = small()
    page = show(e)
    box = plane(page).bounding_box()
    page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 0.25 * box["height"])
    page.mouse.down()
    at = setting_of(page)["z"]
    np.testing.assert_allclose(at, [e.extent / 2, e.extent / 2], atol=0.03)
    page.mouse.move(box["x"] + 2 * box["width"], box["y"] + 2 * box["height"])
    page.mouse.up()
    assert setting_of(page)["z"] == [e.extent, -e.extent]
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    assert setting_of(page)["z"] == [e.extent, -e.extent]
    for change in page.evaluate("models[0].sent"):
        e.set_state(change)
    assert list(e.z) == [e.extent, -e.extent]


def test_a_keyboard_reaches_and_works_every_control(show):
    page = show(small(), media={"reduced_motion": "reduce"})
    reached = []
    page.locator("body").click(position={"x": 2, "y": 2})
    for _ in range(20):
        page.keyboard.press("Tab")
        name = page.evaluate(
            """() => { const el = document.activeElement; return el === document.body ? ""
            : el.ariaLabel ?? (el.closest("label") ?? el).innerText; }"""
        )
        if not name:
            break
        reached.append(name.replace("\n", " "))
    for expected in ("Point in the plane", "0 circle", "1 cross", "points", "Copy link to this setting"):
        assert expected in reached, reached
    plane(page).focus()
    for key in ("ArrowRight", "ArrowUp", "ArrowUp", "Shift+ArrowLeft", "Shift+ArrowDown"):
        page.keyboard.press(key)
    assert setting_of(page)["z"] == [-0.4, -0.3]
    assert plane(page).get_attribute("aria-valuetext").startswith("z = (−0.4, −0.3)")
    page.keyboard.press("Home")
    assert setting_of(page)["z"] == [0, 0]
    page.get_by_role("radio", name="points").focus()
    page.keyboard.press("ArrowRight")
    assert setting_of(page)["view"] == "images"


def test_a_class_leads_to_the_middle_of_its_points(show):
    e = small()
    middle = np.median(e.points[e.labels == 1], axis=0)
    for motion in ("reduce", "no-preference"):
        page = show(e, media={"reduced_motion": motion})
        page.get_by_role("button", name="cross").click()
        if motion == "reduce":  # at once, without a glide
            np.testing.assert_allclose(setting_of(page)["z"], middle, atol=0.1)
        page.wait_for_function("(goal) => Math.abs(models[0].get('z')[0] - goal) < 0.1", arg=middle[0])
        page.wait_for_function("(goal) => Math.abs(models[0].get('z')[1] - goal) < 0.1", arg=middle[1])


def test_the_plane_is_covered_with_the_decoders_pictures(show):
    decoder = vae_decoder("transposed", 3, 8)
    page = show(LatentPlane(decoder))
    page.get_by_role("radio", name="pictures").check(force=True)
    page.wait_for_function("document.querySelector('.ux-tiles').dataset.done === '169'")
    levels = np.array(
        page.evaluate(
            """() => { const c = document.querySelector(".ux-tiles");
            const { data } = c.getContext("2d").getImageData(0, 0, c.width, c.height);
            return [...data].filter((_, i) => i % 4 === 0); }"""
        )
    ).reshape(13, 8, 13, 8)
    at = 3 * (2 * (np.arange(13) + 0.5) / 13 - 1)
    for row, column in ((0, 0), (0, 12), (6, 6), (12, 3)):
        [expected] = by_torch(decoder, [[at[column], -at[row]]])
        np.testing.assert_allclose(levels[row, :, column], 255 * expected, atol=0.55)


def test_a_link_to_the_setting_is_copied_and_opens_the_same_setting(show):
    page = show(small(), permissions=("clipboard-read", "clipboard-write"))
    page.evaluate(READ, [[0.25, -1.5]])
    page.get_by_role("radio", name="pictures").check(force=True)
    page.get_by_role("button", name="Copy link").click()
    assert page.get_by_role("alert").inner_text() == "Link copied"
    link = page.evaluate("navigator.clipboard.readText()")
    other = show(small(), fragment="#" + link.split("#")[1])
    assert setting_of(other)["z"] == [0.25, -1.5]
    assert setting_of(other)["view"] == "images"
    assert other.locator(".ux-message").inner_text() == ""


@pytest.mark.parametrize(
    ("fragment", "sentence"),
    [
        ("#e=latent;z=9,0", "“z=9,0” does not fit: two numbers from −2.5 to 2.5 with a comma between them."),
        ("#e=latent;z=a,b", "does not fit: two numbers"),
        ("#e=latent;z=1", "does not fit: two numbers"),
        ("#e=latent;view=film", "one of: points, images"),
        ("#e=latent;k=3", "there is no such key"),
        ("#e=pooling;k=2", "The link names “pooling”, but this page only has: latent."),
    ],
)
def test_a_wrong_fragment_shows_a_sentence_not_a_blank(show, fragment, sentence):
    page = show(small(), fragment=fragment)
    page.wait_for_function("document.querySelector('.ux-message').innerText !== ''")
    assert sentence in page.locator(".ux-message").inner_text().replace("\u00a0", " ")
    assert len(page.evaluate(READ, [[0.5, 0.5]])[0]["values"]) == 64


def test_a_lost_kernel_shows_a_sentence(show):
    page = show(small(), lang="ru", site=False)
    page.evaluate("void (models[0].save_changes = () => { throw new Error('comm closed') })")
    page.get_by_role("slider").press("ArrowUp")
    assert page.locator(".ux-message").inner_text().startswith("Ядро Python не отвечает")
    assert page.locator(".ux-where-now").inner_text() == "z = (0; 0,1)"


def test_two_on_a_page_do_not_disturb_one_another(show):
    page = show(small(), LatentPlane(plain_decoder()))
    page.evaluate("location.hash = '#e=latent-2;z=1,2'")
    page.wait_for_function("models[1].state.z[1] === 2")
    assert setting_of(page)["z"] == [0, 0]
    page.evaluate("cleanups[0]()")
    page.evaluate("models[0].set('z', [1, 1])")
    page.wait_for_timeout(50)
    assert page.locator("#explorable-0").inner_text() == ""


@pytest.mark.parametrize(("lang", "theme"), [("ru", "light"), ("en", "dark")])
def test_axe_finds_nothing(show, lang, theme):
    page = show(small(), LatentPlane(plain_decoder(), view="images"), lang=lang, theme=theme)
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_a_phone_is_wide_enough(show, lang):
    page = show(small(), lang=lang, width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    edges = page.locator(".ux *").evaluate_all(
        "els => Math.max(...els.map(el => el.getBoundingClientRect().right))"
    )
    assert edges <= page.locator(".ux").evaluate("el => el.getBoundingClientRect().right") + 0.5
    targets = page.locator("button, .ux-choice label").evaluate_all(
        """els => els.map(el => el.getBoundingClientRect())
        .filter(box => box.width < 24 || box.height < 24).length"""
    )
    assert targets == 0


def test_print_shows_plane_and_picture_without_controls(show):
    page = show(small())
    page.emulate_media(media="print")
    assert not page.locator(".ux-rows").first.is_visible()
    assert page.locator(".ux-image").is_visible()
