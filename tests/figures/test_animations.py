"""Animations show what the operations give: every frame is read back and compared with the operation."""

import itertools
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from upsample_lib import conv2d, conv_transpose2d, max_pool2d, max_unpool2d
from upsample_lib.figures import animations, unpooling_animations
from upsample_lib.figures.animation_command import clip_of_command, main
from upsample_lib.figures.animation_files import animated_svg, strip_svg, write
from upsample_lib.figures.animation_gallery import GALLERY, clip, command, write_files

X = np.array([[1.0, 2], [3, 4]])
W = np.array([[1.0, 2, 3], [3, 2, 1], [2, 2, 2]])


def grid(frame, name):
    return next(grid for grid in frame.grids if grid.name == name)


def numbers(grid):
    """The numbers that a grid shows; NaN where a cell is empty."""
    values = [float(Fraction(text.replace("−", "-"))) if text else np.nan for text in grid.texts.ravel()]
    return np.array(values).reshape(grid.texts.shape)


def worked(line):
    """The value of the products that a line writes out."""
    text = "".join(piece for piece, _ in line).split(" = ")[1]
    return sum(
        np.prod([float(factor.strip("()").replace("−", "-")) for factor in term.split("·")])
        for term in text.split(" + ")
    )


SETTINGS = [(1, 0, 0, 1), (1, 1, 0, 1), (2, 0, 0, 1), (2, 1, 0, 1), (2, 1, 1, 1), (3, 2, 2, 2), (2, 3, 1, 1)]


def test_numbers_worked_out_by_hand():
    last = animations.transposed([[2, 3]], [[1, 10, 100]], stride=2).frames[-1]
    assert grid(last, "z").texts.tolist() == [["0", "0", "2", "0", "3", "0", "0"]]
    assert grid(last, "flipped").texts.tolist() == [["100", "10", "1"]]
    assert grid(last, "y").texts.tolist() == [["2", "20", "203", "30", "300"]]
    middle = animations.transposed([[2, 3]], [[1, 10, 100]], stride=2).frames[3]
    assert "".join(text for text, _ in middle.line) == "y[0, 2] = 2·100 + 3·1 = 203"
    assert middle.say == ("slide", 0, 2)


@pytest.mark.parametrize(("s", "p", "a", "d"), SETTINGS)
@pytest.mark.parametrize("view", ["zeros", "stamp"])
def test_transposed_ends_with_the_operation(view, s, p, a, d):
    x = animations.counting(3, 4)
    expected = conv_transpose2d(x[None], W[None, None], None, s, p, a, 1, d)[0]
    made = animations.transposed(x, W, s, p, a, d, view=view)
    if view == "stamp":
        shown = numbers(grid(made.frames[-1], "canvas"))
        shown = shown[p : p + expected.shape[0], p : p + expected.shape[1]]
        assert (
            grid(made.frames[-1], "canvas").looks[p:, p:][: len(expected), : len(expected[0])] != "c"
        ).all()
        assert len(made.frames) == 1 + x.size
    else:
        shown = numbers(grid(made.frames[-1], "y"))
        assert len(made.frames) == 1 + expected.size
    np.testing.assert_array_equal(shown, expected)


@pytest.mark.parametrize(("s", "p", "a", "d"), SETTINGS)
def test_each_sliding_frame_is_the_sum_under_its_kernel(s, p, a, d):
    made = animations.transposed(animations.counting(3, 3), W, s, p, a, d)
    for frame in made.frames[1:]:
        z, flipped = grid(frame, "z"), numbers(grid(frame, "flipped"))
        r, c, rows, columns = z.outline
        under = numbers(z)[r : r + rows : d, c : c + columns : d]
        y = numbers(grid(frame, "y"))
        _, row, column = frame.say
        assert (under * flipped).sum() == y[row, column]
        assert worked(frame.line) == y[row, column] if "·" in str(frame.line) else y[row, column] == 0
        badges = z.badges[r : r + rows : d, c : c + columns : d]
        assert [float(badge[1:]) for badge in badges.ravel()] == flipped.ravel().tolist()
        assert np.isnan(y).sum() == y.size - (row * y.shape[1] + column) - 1


def test_each_stamp_adds_one_scaled_kernel():
    frames = animations.transposed(X, W, 2, 1, 1, view="stamp").frames
    for before, after in itertools.pairwise(frames):
        added = numbers(grid(after, "canvas")) - numbers(grid(before, "canvas"))
        r, c, rows, columns = grid(after, "canvas").outline
        _, i, j, value = after.say
        expected = np.zeros_like(added)
        expected[r : r + rows, c : c + columns] = X[i, j] * W
        np.testing.assert_array_equal(added, expected)
        assert float(value) == X[i, j]


def test_recipe_counts_inserts_pads_flips_and_slides():
    frames = animations.transposed(X, W, 2, 1, view="recipe").frames
    assert [frame.say[0] for frame in frames[:6]] == ["start", "count", "insert", "pad", "flip", "slide"]
    assert "s − 1 = 2 − 1 = 1;  p′ = 1·(3 − 1) − 1 = 1" in frames[1].line[0][0]
    assert (grid(frames[2], "z").looks != ".").sum() == 9
    assert (grid(frames[3], "z").looks != ".").all()
    np.testing.assert_array_equal(numbers(grid(frames[4], "flipped")), W[::-1, ::-1])


@pytest.mark.parametrize(("s", "p", "d"), [(1, 0, 1), (1, 1, 1), (2, 1, 1), (1, 2, 2)])
def test_convolution(s, p, d):
    x = animations.counting(5, 6)
    made = animations.convolution(x, W, s, p, d)
    expected = conv2d(x[None], W[None, None], None, s, p, d)[0]
    np.testing.assert_array_equal(numbers(grid(made.frames[-1], "y")), expected)
    for frame in made.frames[1:]:
        r, c, rows, columns = grid(frame, "x").outline
        under = numbers(grid(frame, "x"))[r : r + rows : d, c : c + columns : d]
        assert (under * W).sum() == expected[frame.say[1], frame.say[2]]


@pytest.mark.parametrize(
    ("size", "k", "s", "p"), [((4, 4), 2, 2, 0), ((5, 5), 2, 2, 0), ((5, 7), 3, 2, 0), ((4, 4), 3, 2, 1)]
)
def test_unpooling_remembers_positions(size, k, s, p):
    x = unpooling_animations.shuffled(*size)
    frames = unpooling_animations.unpooling(x, k, s, p).frames
    y, j = max_pool2d(x[None], k, s, p, return_indices=True)
    last = frames[-1]
    np.testing.assert_array_equal(numbers(grid(last, "maxima")), y[0])
    np.testing.assert_array_equal(numbers(grid(last, "places")), j[0])
    expected = max_unpool2d(y, j, k, s, p, output_size=x.shape)[0]
    np.testing.assert_array_equal(numbers(grid(last, "unpooled")), expected)
    assert len(frames) == 1 + 2 * y.size
    for frame in frames[1 : 1 + y.size]:
        r, c, rows, columns = grid(frame, "x").outline
        marked = grid(frame, "x").looks == "I"
        assert marked[r : r + rows, c : c + columns].sum() == marked.sum() == 1


@pytest.mark.parametrize("scale", [1, 2, 3])
def test_nearest_and_nails(scale):
    x = animations.counting(2, 3)
    block = np.ones((scale, scale))
    shown = numbers(grid(unpooling_animations.nearest(x, scale).frames[-1], "y"))
    np.testing.assert_array_equal(shown, np.kron(x, block))
    corner = np.zeros_like(block)
    corner[0, 0] = 1
    shown = numbers(grid(unpooling_animations.nails(x, scale).frames[-1], "y"))
    np.testing.assert_array_equal(shown, np.kron(x, corner))


def test_samples_show_what_they_are_for():
    kernel, image = animations.uneven(3, 3), unpooling_animations.shuffled(4, 4)
    assert not np.array_equal(kernel, kernel[::-1, ::-1])
    assert len(set(image.ravel())) == 16


@pytest.mark.parametrize(
    ("refused", "sentence"),
    [
        (lambda: animations.transposed(X, W, 0), "stride must be ≥ 1, got 0"),
        (lambda: animations.transposed(X, W, view="film"), 'view must be "zeros", "stamp" or "recipe", got'),
        (lambda: animations.transposed(X, W, 1, 2, view="recipe"), "padding must leave an output"),
        (
            lambda: animations.transposed(np.ones((4, 4)), W, 1, 3, view="recipe"),
            "padding must leave|must be ≤",
        ),
        (
            lambda: animations.transposed(np.ones((5, 5)), W, 1, 3, view="recipe"),
            r"must be ≤ .* = 2 to be drawn",
        ),
        (lambda: animations.transposed([1, 2], W), r"x must have the shape \(rows, columns\), got \(2,\)"),
        (lambda: animations.transposed(X, np.ones((25, 1))), "at most 24 cells a side, got 50"),
        (lambda: animations.convolution(np.ones((20, 20)), W), "at most 170 frames"),
        (lambda: unpooling_animations.nearest(X, 0), "scale must be ≥ 1, got 0"),
        (lambda: clip("k9"), "name must be one of k3-s1-p0, .*, got 'k9'"),
    ],
)
def test_refusals(refused, sentence):
    with pytest.raises(ValueError, match=sentence):
        refused()


def test_gif_has_every_frame_and_the_last_stays_longer(tmp_path):
    path = write(animations.transposed(X, W, 2, 1), tmp_path / "out.gif", seconds=0.5, cell=24)
    with Image.open(path) as image:
        assert (image.n_frames, image.info["loop"], image.info["duration"]) == (10, 0, 500)
        colours = set()
        for number in range(image.n_frames):
            image.seek(number)
            colours |= {colour for _, colour in image.convert("RGB").getcolors(100000)}
        assert image.info["duration"] == 1500
    # input, kernel and output can be told apart
    for wanted in ((0, 114, 178), (213, 94, 0), (0, 122, 90)):
        assert min(sum(abs(a - b) for a, b in zip(wanted, each)) for each in colours) < 40
    assert [each.name for each in tmp_path.iterdir()] == ["out.gif"]


def test_svg_plays_by_itself_and_stands_still_where_motion_is_not_wanted(tmp_path):
    text = write(animations.transposed(X, W), tmp_path / "out.svg").read_text("utf-8")
    assert text.startswith("<svg")
    assert "var(" not in text
    assert "http" not in text.replace("http://www.w3.org", "")
    assert "prefers-reduced-motion:reduce" in text
    assert "@keyframes" in text
    # without its style sheet it shows the last frame: y[3, 3] = 8
    shown = text.replace("</g></g>", "</g>\n</g>").split("<g")
    assert any("y[3,\u00a03]" in part and 'visibility="hidden"' not in part for part in shown)
    assert animated_svg(animations.transposed(X, W)) == animated_svg(animations.transposed(X, W))


def test_strips_spread_their_frames_evenly(tmp_path):
    made = animations.transposed(animations.counting(3, 3), W, 2, 1)
    assert strip_svg(made, most=5).count("transform=") == 5
    assert strip_svg(made, most=99).count("transform=") == len(made.frames)
    assert "/\u00a025" in strip_svg(made, most=1)
    assert "25\u00a0/\u00a025" in strip_svg(made, most=5)
    with Image.open(write(made, tmp_path / "strip.png", cell=12, frames=4)) as few:
        small = few.size
    with Image.open(write(made, tmp_path / "strip.png", cell=12)) as many:
        assert many.size > small
    plain = write(made, tmp_path / "strip.svg", strip=True, theme="dark").read_text("utf-8")
    assert "@keyframes" not in plain
    assert "#56b4e9" in plain


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("transposed --stride 0 out.gif", "stride must be ≥ 1, got 0\n"),
        ("transposed out.mp4", "the file must end in .gif, .svg, .png, got 'out.mp4'\n"),
        ("transposed nowhere/out.gif", "the folder nowhere does not exist\n"),
        ("transposed --strip out.gif", "a strip must be an .svg or a .png, got 'out.gif'\n"),
        ("transposed --seconds 0 out.gif", "seconds must be from 0.05 to 10, got 0\n"),
        ("nails --cell 4 out.gif", "cell must be from 12 to 96, got 4\n"),
        ("nails --frames 0 out.png", "frames must be ≥ 1, got 0\n"),
    ],
)
def test_command_refuses_in_one_sentence_and_writes_nothing(
    arguments, sentence, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        main(arguments.split())
    assert end.value.code == 2
    assert capsys.readouterr().err == sentence
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("numbers", ["1 2; 3", "a", "", ";"])
def test_command_refuses_ragged_numbers(numbers, capsys):
    with pytest.raises(SystemExit):
        main(["nearest", "--x", numbers, "out.gif"])
    assert 'must be rows of equal length, as "1 2; 3 4"' in capsys.readouterr().err


def test_command_line_makes_a_file(tmp_path):
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "upsample_lib.figures",
            "transposed",
            "--x",
            "2 3",
            "--w",
            "1 10 100",
            "out.gif",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path), "PATH": ""},
        check=True,
    )
    assert done.stdout == "out.gif\n"
    assert done.stderr == ""
    assert (tmp_path / "out.gif").read_bytes().startswith(b"GIF89a")


def test_a_failed_write_leaves_the_older_file(tmp_path, monkeypatch):
    path = tmp_path / "out.gif"
    path.write_text("older")
    monkeypatch.setattr(Image.Image, "save", lambda *a, **k: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write(animations.transposed(X, W), path)
    assert path.read_text() == "older"
    assert len(list(tmp_path.iterdir())) == 1


def test_gallery_holds_the_cases_that_the_course_names(tmp_path):
    four = {f"transposed --kernel 3 --stride {s} --padding {p} --input 2" for s in (1, 2) for p in (0, 1)}
    assert four <= set(GALLERY.values())
    assert all(2 <= len(clip_of_command(arguments).frames) <= 30 for arguments in GALLERY.values())
    assert command("nails-2") == "python -m upsample_lib.figures nails --scale 2 --input 2 nails-2.gif"
    files = write_files(tmp_path, ["nails-2"])
    assert [file.name for file in files] == ["nails-2.gif", "nails-2.svg", "nails-2-strip.svg"]
    assert all(100 < file.stat().st_size < 150_000 for file in files)
