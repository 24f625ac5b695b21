"""Bilinear resizing of a picture: two matrices."""

import numpy as np

from upsample_lib.exercises.cases import Array, Shape, mistake, primes
from upsample_lib.exercises.ch03.axis import (
    extrapolated,
    half_pixel_forgotten,
    linear_matrix,
)
from upsample_lib.exercises.ch03.ready_made import RESIZING
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def bilinear(image, height, width):
    ...
"""


def bilinear(image: Array, height: int, width: int) -> Array:
    matrices = []
    for n, m in zip(image.shape, (height, width)):
        u = ((np.arange(m) + 0.5) * n / m - 0.5).clip(0, n - 1)
        matrices.append(np.maximum(1 - abs(u[:, None] - np.arange(n)), 0))
    return np.asarray(matrices[0] @ image @ matrices[1].T)


@mistake(
    "высота и ширина перепутаны. Так их берут Pillow и OpenCV, `(width, height)`; здесь первой идёт высота.",
    "height and width are swapped. That is the order of Pillow and OpenCV, `(width, height)`; here the "
    "height comes first.",
)
def width_first(image: Array, height: int, width: int) -> Array:
    return bilinear(image, width, height)


@mistake(
    "ответ транспонирован: строки и столбцы поменялись местами.",
    "the answer is transposed: rows and columns have changed places.",
)
def transposed(image: Array, height: int, width: int) -> Array:
    return bilinear(image, height, width).T


@mistake(
    "пиксели скопированы, а не смешаны: это ближайший сосед.",
    "pixels are copied, not mixed: this is nearest neighbour.",
)
def nearest(image: Array, height: int, width: int) -> Array:
    rows = np.arange(height) * image.shape[0] // height
    columns = np.arange(width) * image.shape[1] // width
    return np.asarray(image[rows][:, columns])


@mistake(
    "совмещены центры угловых пикселей (`align_corners=True`), а нужны края картинок.",
    "the centres of the corner pixels are aligned (`align_corners=True`); the edges of the pictures should "
    "be.",
)
def corners_aligned(image: Array, height: int, width: int) -> Array:
    down = linear_matrix(image.shape[0], height, align_corners=True)
    return down @ image @ linear_matrix(image.shape[1], width, align_corners=True).T


@mistake(
    "забыты полпикселя: координата центра — `(j + 0.5) * n / m - 0.5`.",
    "half a pixel is forgotten: the coordinate of a centre is `(j + 0.5) * n / m - 0.5`.",
)
def half_pixel_lost(image: Array, height: int, width: int) -> Array:
    down = half_pixel_forgotten.function(image.shape[0], height)
    return np.asarray(down @ image @ half_pixel_forgotten.function(image.shape[1], width).T)


@mistake(
    "за краем картинка продолжена по прямой. Там повторяется крайний пиксель.",
    "beyond the border the picture is continued along a straight line. The border pixel is repeated there.",
)
def continued(image: Array, height: int, width: int) -> Array:
    down = extrapolated.function(image.shape[0], height)
    return np.asarray(down @ image @ extrapolated.function(image.shape[1], width).T)


@mistake(
    "при уменьшении картинка сглажена, как у Pillow или с `antialias=True`. Обычная билинейная интерполяция "
    "читает только соседние пиксели.",
    "in shrinking the picture is smoothed, as Pillow does it or `antialias=True`. Plain bilinear "
    "interpolation reads neighbouring pixels only.",
)
def smoothed(image: Array, height: int, width: int) -> Array:
    down = _widened_tents(image.shape[0], height)
    return down @ image @ _widened_tents(image.shape[1], width).T


def _widened_tents(n: int, m: int) -> Array:
    u = (np.arange(m) + 0.5) * n / m - 0.5
    W = np.maximum(1 - abs(u[:, None] - np.arange(n)) / max(n / m, 1), 0)
    return np.asarray(W / W.sum(axis=1, keepdims=True))


@mistake(
    "смешаны только строки; по второй оси пиксели скопированы. Билинейная — значит линейная по обеим осям.",
    "only the rows are mixed; along the second axis pixels are copied. Bilinear means linear along both "
    "axes.",
)
def one_axis_only(image: Array, height: int, width: int) -> Array:
    columns = np.arange(width) * image.shape[1] // width
    return (linear_matrix(image.shape[0], height) @ image)[:, columns]


EXERCISE = Exercise(
    name="ch03.bilinear",
    title=Text("Картинка из двух матриц", "A picture out of two matrices"),
    task=Text(
        "Соберите билинейное изменение размера из матриц предыдущего упражнения (или напишите его целиком): "
        "картинка `image`, новые высота и ширина, `align_corners=False`.",
        "Build bilinear resizing from the matrices of the exercise before (or write all of it): a picture "
        "`image`, the new height and width, `align_corners=False`.",
    ),
    stub=STUB,
    reference=bilinear,
    mistakes=(
        width_first,
        transposed,
        nearest,
        corners_aligned,
        half_pixel_lost,
        continued,
        smoothed,
        one_axis_only,
    ),
    cases=(
        {"image": np.array([[0.0, 4], [8, 12]]), "height": 2, "width": 2},
        {"image": np.array([[0.0, 4], [8, 12]]), "height": 4, "width": 4},
        {"image": primes(3, 2), "height": 3, "width": 5},
        {"image": primes(1, 4, start=3), "height": 3, "width": 2},
        {"image": primes(5, 7) / 2, "height": 2, "width": 3},
        {"image": primes(2, 3, start=5), "height": 7, "width": 2},
    ),
    hints=(
        Text(
            "Матрица `W` слева, `W @ image`, смешивает строки. Что надо сделать, чтобы смешать столбцы?",
            "A matrix `W` on the left, `W @ image`, mixes rows. What has to be done to mix columns?",
        ),
        Text(
            "Столбцы смешивает матрица справа, и её надо транспонировать: `image @ W.T`. У каждой оси своя "
            "матрица.",
            "Columns are mixed by a matrix on the right, and it has to be transposed: `image @ W.T`. Each "
            "axis has a matrix of its own.",
        ),
        Text(
            "`linear_matrix(image.shape[0], height) @ image @ linear_matrix(image.shape[1], width).T`.",
            "`linear_matrix(image.shape[0], height) @ image @ linear_matrix(image.shape[1], width).T`.",
        ),
    ),
    shapes={
        "rows only": Shape(
            lambda image, height, width: (height, image.shape[1]),
            Text("Изменена только высота.", "Only the height has changed."),
        ),
        "columns only": Shape(
            lambda image, height, width: (image.shape[0], width),
            Text("Изменена только ширина.", "Only the width has changed."),
        ),
    },
    features={
        "H ≠ W": lambda image, height, width: image.shape[0] != image.shape[1],
        "height < H, width < W": lambda image, height, width: (
            height < image.shape[0] and width < image.shape[1]
        ),
        "height ≠ H": lambda image, height, width: height != image.shape[0],
        "H = 1": lambda image, height, width: image.shape[0] == 1,
    },
    forbidden=(*RESIZING, "upsample_lib.interpolation_matrix"),
)
