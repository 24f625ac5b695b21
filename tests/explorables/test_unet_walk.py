"""The walk through a U-Net: Python against PyTorch, and its numbers and manners in a real browser."""

import gzip
import json
import re
import xml.etree.ElementTree as ET
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from axe_playwright_python.sync_playwright import Axe
from traitlets import TraitError

from tests.explorables.host import setting_of
from upsample_lib.explorables import UNetWalk
from upsample_lib.explorables.unet_stages import written_layer
from upsample_lib.nn import UPSAMPLERS, UNet, upsampler

# Goes through all models and stages as a kernel would, and reads what is on the screen: the words, and the
# pixels of each feature map, cut out of the picture by the viewBox that shows it.
READ = """
async () => {
  const read = async (svg) => {
    const image = svg.querySelector("image"), number = (name) => +image.getAttribute(name);
    const [x, y, width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
    const picture = new Image();
    picture.src = image.getAttribute("href");
    await picture.decode();
    const canvas = document.createElement("canvas"), context = canvas.getContext("2d");
    Object.assign(canvas, { width: picture.width, height: picture.height });
    context.drawImage(picture, 0, 0);
    const pixels = [...context.getImageData(x, y, width, height).data].filter((_, i) => i % 4 === 0);
    const whole = picture.width === number("width") && picture.height === number("height");
    return { pixels, width, height, whole, name: svg.getAttribute("aria-label") };
  };
  const shown = [], { models: nets } = models[0].get("walk");
  const text = (kind) => document.querySelector(kind).textContent;
  for (const { name, stages } of nets) for (let at = 0; at < stages.length; at++) {
    models[0].set("upsampler", name);
    models[0].set("stage", at);
    await new Promise((done) => setTimeout(done));
    const tiles = [...document.querySelectorAll("button.ux-tile")];
    shown.push({ name, at, shape: text(".ux-sum b"), code: text(".ux-code"), words: text(".ux-caption"),
      note: text(".ux-note"), tiles: tiles.map((tile) => tile.getAttribute("aria-label")),
      maps: await Promise.all([...document.querySelectorAll(".ux-maps svg")].map(read)),
      pressed: tiles.findIndex((tile) => tile.ariaPressed === "true") });
  }
  return shown;
}
"""


def made(seed: int = 0, names: tuple[str, ...] = UPSAMPLERS[:2], **options: Any) -> UNetWalk:
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    options = {"widths": (3, 10, 6), "classes": 2, "size": (24, 20), "channels": 1} | options
    size, channels = options.pop("size"), options.pop("channels")
    models = {name: UNet(channels, upsampler=name, **options) for name in names}
    image = rng.normal(size=(channels, *size) if channels > 1 else size)
    walk = UNetWalk(models, image, rng.random(size) > 0.6)
    walk.models, walk.given = models, image
    return walk


def by_hand(model: UNet, image: np.ndarray) -> list[torch.Tensor]:
    """Every stage, computed from the parts of the network without the explorable."""
    model.eval()
    x = torch.tensor(image, dtype=torch.float32).reshape(1, model.in_channels, *image.shape[-2:])
    found, skips = [x], []
    with torch.no_grad():
        for level, stage in enumerate(model.encoder):
            x = stage(F.max_pool2d(x, 2) if level else x)
            skips.append(x)
            found.append(x)
        for level in reversed(range(model.depth)):
            x = model.up[level](x)
            found.append(x)
            x = model.decoder[level](torch.cat([skips[level], x], dim=1))
            found.append(x)
        logits = model.head(x)
        found.append(logits.sigmoid() if model.classes == 1 else logits.softmax(dim=1)[:, 1:])
    return [stage[0] for stage in found]


@pytest.mark.parametrize("classes", [1, 2])
@pytest.mark.parametrize("name", UPSAMPLERS)
def test_shapes_and_maps_are_those_of_the_network(name, classes):
    e = made(3, (name,), classes=classes)
    expected = by_hand(e.models[name], e.given)
    assert e.shapes == [tuple(stage.shape) for stage in expected]
    assert e.shapes[1:4] == [(3, 24, 20), (10, 12, 10), (6, 6, 5)]
    for at, stage in enumerate(expected):
        e.stage = at
        np.testing.assert_allclose(e.maps, stage[e.channels], rtol=1e-5, atol=1e-6)
        spread = stage.flatten(1).std(dim=1, correction=0)
        rest = [c for c in range(len(stage)) if c not in e.channels]
        assert len(e.channels) == min(len(stage), 8)
        assert not rest or spread[e.channels].min() >= spread[rest].max()
    np.testing.assert_allclose(e.output, expected[-1][0], rtol=1e-5)


def test_intersection_over_union_by_hand():
    e = made(1)
    guess = by_hand(e.models["transposed"], e.given)[-1][0].numpy() > 0.5
    truth = np.random.default_rng(1)
    truth.normal(size=(24, 20))
    mask = truth.random((24, 20)) > 0.6
    assert e.iou == pytest.approx((guess & mask).sum() / (guess | mask).sum())
    nothing = UNetWalk({"a": e.models["transposed"]}, np.zeros((8, 8)), np.zeros((8, 8)))
    assert nothing.iou in (0.0, 1.0)


def test_the_models_are_left_as_they_were():
    e = made(2)
    model = e.models["transposed"].train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    UNetWalk({"a": model}, e.given, e.given > 0)
    assert model.training
    assert all((value == before[name]).all() for name, value in model.state_dict().items())
    assert not any(module._forward_hooks for module in model.modules())


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("transposed", "nn.ConvTranspose2d(8, 4, 4, stride=2, padding=1)"),
        ("nearest_conv", "nn.Upsample(scale_factor=2), nn.Conv2d(8, 4, 3, padding=1)"),
        ("bilinear_conv", 'nn.Upsample(scale_factor=2, mode="bilinear"), nn.Conv2d(8, 4, 3, padding=1)'),
        ("subpixel", "nn.Conv2d(8, 16, 3, padding=1), nn.PixelShuffle(2)"),
    ],
)
def test_the_written_layer_computes_what_the_block_does(name, written):
    block = upsampler(name, 8, 4)
    assert written_layer(block) == written
    typed = eval(f"nn.Sequential({written})", {"nn": torch.nn})
    typed.load_state_dict(dict(zip(typed.state_dict(), block.state_dict().values())))
    x = torch.randn(1, 8, 5, 6)
    torch.testing.assert_close(typed(x), block(x))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"models": {}}, "models must hold at least one U-Net, got none"),
        ({"image": np.zeros(8)}, "image must have the shape (H, W) or (C, H, W), got (8,)"),
        ({"truth": np.zeros((8, 9))}, "truth must have the image's shape (8, 8), got (8, 9)"),
        ({"image": np.full((8, 8), np.nan)}, "image must hold finite numbers, got NaN or infinity"),
        ({"models": {"a": UNet(classes=3)}}, "padding 'same' and 1 or 2 classes, got 'same' and 3 in 'a'"),
        ({"models": {"a": UNet(padding="valid")}}, "got 'valid' and 2 in 'a'"),
        (
            {"models": {"a": UNet(widths=(2, 3)), "b": UNet(widths=(2, 3, 4))}},
            "models must all have the same depth, got [1, 2]",
        ),
        ({"image": np.zeros((2, 8, 8))}, "x must have the shape (N, 1, H, W)"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(change, sentence):
    usual = {"models": {"a": UNet(widths=(2, 3))}, "image": np.zeros((8, 8)), "truth": np.zeros((8, 8))}
    with pytest.raises(ValueError, match=re.escape(sentence)):
        UNetWalk(**(usual | change))


def test_too_much_data_is_refused():
    rng = np.random.default_rng(0)
    models = {name: UNet(widths=(4, 8), upsampler=name) for name in UPSAMPLERS}
    with pytest.raises(ValueError, match=r"at most 300 kB of data, got \d+ kB: take a smaller"):
        UNetWalk(models, rng.normal(size=(160, 160)), rng.random((160, 160)) > 0.5)


def test_bad_settings_are_refused_and_change_nothing():
    e = made()
    for trait, value, sentence in (
        ("stage", 9, "stage must be from 0 to 8, got 9"),
        ("stage", 1.5, "stage must be an integer, got 1.5"),
        ("upsampler", "cubic", "upsampler must be one of transposed, nearest_conv, got 'cubic'"),
    ):
        before = getattr(e, trait)
        with pytest.raises(TraitError, match=re.escape(sentence)):
            setattr(e, trait, value)
        assert getattr(e, trait) == before


def test_the_poster_is_wellformed_and_follows_the_model():
    e = made()
    ET.fromstring(e.poster)
    assert ">10×12×10<" in e.poster
    assert f"IoU = {e.iou:.2f}" in e.poster
    assert "U-Net, transposed" in e.poster
    e.upsampler = "nearest_conv"
    assert "U-Net, nearest_conv" in e.poster


def test_script_and_data_are_small():
    script = UNetWalk._esm
    assert script.count("export ") == 1
    assert script.rstrip().endswith("export default { render };")
    assert "import" not in script
    assert len(gzip.compress((script + UNetWalk._css).encode(), 9)) <= 15_000
    e = made(0, UPSAMPLERS, widths=(8, 16, 32, 64), size=(64, 64))  # noise: the worst that PNG can be given
    assert len(json.dumps(e.walk)) <= 300_000


# (3, 10, 6) of 24 × 20, and others: all stages of all models of each, 222 settings in all
@pytest.mark.parametrize(
    "options",
    [
        {"names": UPSAMPLERS},
        {"names": UPSAMPLERS, "widths": (2, 9), "classes": 1, "size": (16, 40)},
        {"names": UPSAMPLERS, "widths": (4, 5, 6, 12), "size": (64, 64)},
        {"names": UPSAMPLERS, "widths": (1, 2, 3, 4, 5), "classes": 1, "size": (48, 16)},
        {"names": ("transposed", "subpixel"), "widths": (9, 1), "channels": 3, "size": (10, 12)},
        {"names": UPSAMPLERS, "widths": (2, 3, 4), "size": (7, 13)},  # padded to 8 × 16
        {"names": UPSAMPLERS, "widths": (2, 3, 4, 5, 6), "size": (32, 32)},
    ],
    ids=str,
)
def test_what_is_shown_equals_pytorch(show, options):
    e = made(5, **options)
    page = show(e)
    count = 0
    for shown in page.evaluate(READ):
        e.upsampler, e.stage = shown["name"], shown["at"]
        count += 1
        shapes = e.shapes
        shape = shapes[e.stage]
        assert shown["shape"] == f"({', '.join(map(str, shape))})"
        assert shown["pressed"] == e.stage
        assert [label.split("shape ")[1] for label in shown["tiles"]] == [
            " × ".join(map(str, s)) for s in shapes
        ]
        last = e.stage == len(shapes) - 1
        maps = shown["maps"]
        assert all(one["whole"] for one in maps)
        if last:
            assert [one["name"].split(":")[0] for one in maps] == [
                "probability of the object",
                "truth",
                "mistakes",
            ]
            assert f"IoU with the truth is {e.iou:.2g}" in shown["words"] or f"{e.iou:.2f}" in shown["words"]
            pixels = np.reshape(maps[0]["pixels"], e.output.shape) / 255
            np.testing.assert_allclose(pixels, e.output, atol=0.5 / 255 + 1e-6)
            truth = np.reshape(maps[1]["pixels"], e.output.shape) > 0
            red = np.reshape(maps[2]["pixels"], e.output.shape)
            guess = e.output > 0.5
            np.testing.assert_array_equal(red == 235, guess & truth)
            np.testing.assert_array_equal(red == 213, guess & ~truth)
            np.testing.assert_array_equal(red == 0, ~guess & truth)
        elif e.stage and not last:
            assert [one["name"] for one in maps] == [
                f"channel {c}: from {_written(m.min())} to {_written(m.max())}"
                for c, m in zip(e.channels, e.maps)
            ]
            for one, values in zip(maps, e.maps):
                assert (one["height"], one["width"]) == values.shape
                low, high = values.min(), values.max()
                pixels = low + np.reshape(one["pixels"], values.shape) / 255 * (high - low)
                if high > low:
                    np.testing.assert_allclose(pixels, values, atol=(high - low) / 255 * 0.5 + 1e-5)
            kept = f"Shown are {len(e.channels)} of {shape[0]}"
            assert (kept in shown["note"]) == (len(e.channels) < shape[0])
        level = re.search(r"self\.(encoder|up|decoder)\[(\d)\]\(", shown["code"])
        if 0 < e.stage < len(shapes) - 1:
            assert level
            halved = 2 ** (int(level[2]))
            assert (
                shape[1]
                == -(-e.given.shape[-2] // 2 ** e.models[e.upsampler].depth)
                * 2 ** e.models[e.upsampler].depth
                // halved
            )
    assert count == len(e.models) * len(e.shapes)


def _written(value: float) -> str:
    text = f"{np.floor(abs(float(f'{value:.6g}')) * 100 + 0.5) / 100:g}"
    return f"−{text}" if value < 0 and text != "0" else text


def test_tiles_arrow_keys_and_player_walk_through_all_stages(show):
    page = show(made())
    page.locator("button.ux-tile").nth(3).click()
    assert setting_of(page)["stage"] == 3
    page.keyboard.press("ArrowRight")
    assert setting_of(page)["stage"] == 4
    assert page.evaluate("document.activeElement.dataset.stage") == "4"
    assert page.locator(".ux-title").first.inner_text() == "Upsampling, level 1"
    for key, stage in (("Home", 0), ("ArrowLeft", 0), ("End", 8), ("ArrowDown", 8), ("ArrowUp", 7)):
        page.keyboard.press(key)
        assert setting_of(page)["stage"] == stage
    page.get_by_role("button", name="Step forward").click()
    assert page.locator(".ux-title").first.inner_text() == "Prediction"
    # the button that has become useless hands its focus on
    assert page.evaluate("document.activeElement.classList.contains('ux-play')")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("models[0].state.stage === 1")
    page.get_by_role("button", name="Pause").click()
    assert [name for change in page.evaluate("models[0].sent") for name in change].count("stage") >= 8


def test_a_keyboard_reaches_and_works_every_control(show):
    page = show(made())
    page.locator("body").click(position={"x": 2, "y": 2})
    reached = []
    for _ in range(20):
        page.keyboard.press("Tab")
        name = page.evaluate(
            """() => { const el = document.activeElement; return el === document.body ? ""
            : el.ariaLabel ?? (el.closest("label") ?? el).innerText; }"""
        )
        if not name:
            break
        reached.append(name)
    expected = {
        "transposed",
        "Play",
        "Step",
        "Step forward",
        "Input, shape 1 × 24 × 20",
        "Copy link to this setting",
    }
    assert expected <= set(reached), expected - set(reached)
    assert sum("shape" in name for name in reached) == 1  # one tab stop for the whole U
    page.get_by_role("radio", name="transposed").focus()
    page.keyboard.press("ArrowRight")
    assert setting_of(page)["upsampler"] == "nearest_conv"


def test_a_link_to_the_setting_is_copied_and_opens_the_same_setting(show):
    page = show(made(), permissions=("clipboard-read", "clipboard-write"))
    page.get_by_role("radio", name="nearest + conv").check(force=True)
    page.locator("button.ux-tile").nth(5).click()
    page.get_by_role("button", name="Copy link").click()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.endswith("#e=unet-walk;up=nearest_conv;at=5")
    other = show(made(), fragment="#" + link.split("#")[1])
    assert (setting_of(other)["upsampler"], setting_of(other)["stage"]) == ("nearest_conv", 5)
    assert other.locator(".ux-message").inner_text() == ""


@pytest.mark.parametrize(
    ("fragment", "sentence"),
    [
        ("#e=unet-walk;at=9", "“at=9” does not fit: a whole number from 0 to 8."),
        ("#e=unet-walk;up=cubic", "does not fit: one of: transposed, nearest_conv"),
        ("#e=unet-walk;k=3", "there is no such key"),
        ("#e=pooling;k=2", "The link names “pooling”, but this page only has: unet-walk."),
    ],
)
def test_a_wrong_fragment_shows_a_sentence_not_a_blank(show, fragment, sentence):
    page = show(made(), fragment=fragment)
    page.wait_for_function("document.querySelector('.ux-message').innerText !== ''")
    assert sentence in page.locator(".ux-message").inner_text()
    assert page.locator(".ux-maps svg").count() == 1


def test_a_lost_kernel_shows_a_sentence(show):
    page = show(made(), lang="ru", site=False)
    page.evaluate("void (models[0].save_changes = () => { throw new Error('comm closed') })")
    page.locator("button.ux-tile").nth(2).click()
    assert page.locator(".ux-message").inner_text().startswith("Ядро Python не отвечает")
    assert page.locator(".ux-maps svg").count() == 8


def test_two_on_a_page_do_not_disturb_one_another(show):
    page = show(made(0), made(1))
    page.evaluate("location.hash = '#e=unet-walk-2;at=4'")
    page.wait_for_function("models[1].state.stage === 4")
    assert setting_of(page)["stage"] == 0
    page.evaluate("cleanups[0]()")
    page.evaluate("models[0].set('stride', 1)")
    assert page.locator("#explorable-0").inner_text() == ""


@pytest.mark.parametrize(("lang", "theme"), [("ru", "light"), ("en", "dark")])
def test_axe_finds_nothing(show, lang, theme):
    first, second = made(0), made(1)
    first.stage, second.stage = 2, 8
    results = Axe().run(show(first, second, lang=lang, theme=theme))
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_a_phone_is_wide_enough(show, lang):
    e = made(0, UPSAMPLERS, widths=(8, 16, 32, 64), size=(64, 64))
    page = show(e, lang=lang, width=390)
    for stage in (0, 4, 7, 11):
        page.evaluate(f"models[0].set('stage', {stage})")
        page.wait_for_timeout(30)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        edges = page.locator(".ux *").evaluate_all(
            "els => Math.max(...els.filter(el => el.tagName !== 'image')"
            ".map(el => el.getBoundingClientRect().right))"
        )
        assert edges <= page.locator(".ux").evaluate("el => el.getBoundingClientRect().right"), stage
    small = page.locator("button, .ux-choice label").evaluate_all(
        """els => els.map(el => el.getBoundingClientRect())
        .filter(box => box.width < 24 || box.height < 24).length"""
    )
    assert small == 0
    # tiles and what is written under them stay clear of one another
    boxes = page.locator(".ux-u .ux-thumb, .ux-u .ux-shape").evaluate_all(
        "els => els.map(el => el.getBoundingClientRect()).map(b => [b.left, b.top, b.right, b.bottom])"
    )
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            assert a[0] >= b[2] - 1 or b[0] >= a[2] - 1 or a[1] >= b[3] - 1 or b[1] >= a[3] - 1, (a, b)


def test_changes_made_in_the_browser_are_accepted_by_python(show):
    e = made()
    page = show(e)
    page.get_by_role("radio", name="nearest + conv").check(force=True)
    page.locator("button.ux-tile").nth(6).click()
    for change in page.evaluate("models[0].sent"):
        e.set_state(change)
    assert (e.upsampler, e.stage) == ("nearest_conv", 6)


def test_print_shows_the_picture_without_controls_and_nothing_moves_by_itself(show):
    page = show(made(), media={"reduced_motion": "reduce"})
    moving = page.locator(".ux *").evaluate_all(
        "els => els.filter(el => getComputedStyle(el).transitionDuration !== '0s').length"
    )
    assert moving == 0
    page.emulate_media(media="print")
    assert not page.locator(".ux-player").is_visible()
    assert page.locator(".ux-u").is_visible()
