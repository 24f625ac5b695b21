"""Puzzles of chapter 7, checkerboard artifacts: `overlap`, `plane`, `phases`, `mend`."""

import numpy as np
import numpy.typing as npt

from upsample_lib.exercises.cases import Array, mistake
from upsample_lib.exercises.language import Text
from upsample_lib.puzzles.puzzle import Puzzle
from upsample_lib.puzzles.question import Question
from upsample_lib.puzzles.wording import joined, ker, out, row


def overlap(n: int, k: int, s: int, p: int = 0, a: int = 0) -> Array:
    counts = np.zeros((n - 1) * s + k + a)
    for i in range(n):
        counts[i * s : i * s + k] += 1
    return counts[p : len(counts) - p]


@mistake(
    "перекрытия не видно: всюду единицы. При `k > s` соседние оттиски накладываются.",
    "no overlap is seen: ones throughout. With `k > s` neighbouring prints lie over one another.",
)
def all_ones(n: int, k: int, s: int, p: int, a: int) -> Array:
    return np.ones((n - 1) * s + k + a - 2 * p)


@mistake(
    "края такие же, как середина. До крайних клеток дотягивается меньше оттисков.",
    "the ends look like the middle. Fewer prints reach the outermost cells.",
)
def no_borders(n: int, k: int, s: int, p: int, a: int) -> Array:
    wide = overlap(n + 2 * k, k, s)
    start = k * s + p
    return wide[start : start + (n - 1) * s + k + a - 2 * p]


@mistake(
    "узор исчез: размер стал кратным `s`, но перекрытие от этого не выравнивается. Обрезка двигает только "
    "края.",
    "the pattern is gone: the size is now a multiple of `s`, but that evens out nothing. A crop moves the "
    "ends only.",
)
def evened_out(n: int, k: int, s: int, p: int, a: int) -> Array:
    return np.full((n - 1) * s + k + a - 2 * p, float(k // s + 1))


@mistake(
    "это вся область оттисков, ещё не обрезанная.",
    "this is the whole stamped area, not cropped yet.",
)
def not_cropped(n: int, k: int, s: int, p: int, a: int) -> Array:
    return overlap(n, k, s)


@mistake(
    "`output_padding` добавило пустую клетку. Оно вернуло клетку, срезанную справа, вместе с её оттиском.",
    "`output_padding` has added an empty cell. It gave back a cell cut off on the right, with the print in "
    "it.",
)
def empty_cell(n: int, k: int, s: int, p: int, a: int) -> Array:
    return np.pad(overlap(n, k, s, p), (0, a))


OVERLAP = Question(
    name="ch07-overlap",
    title=Text("Карта перекрытий", "The overlap map"),
    asks=Text(
        "Сколько оттисков легло на каждую клетку выхода? Вход из `n` пикселей.",
        "How many prints lie on each cell of the output? The input has `n` pixels.",
    ),
    hint=Text(
        "Нарисуйте `n` полос длины `k`, каждую на `s` правее прежней, и посчитайте, сколько полос над "
        "клеткой.",
        "Draw `n` bars of length `k`, each `s` to the right of the one before, and count the bars over each "
        "cell.",
    ),
    why=lambda y, n, k, s, p, a: Text(
        "Вся карта: {full}. Слева срезано {p}, справа {right}. Узор внутри остался: {k} не делится на {s}.",
        "The whole map is {full}. On the left {p} is cut off, on the right {right}. The pattern inside is "
        "still there: {s} does not divide {k}.",
    ).fill(full=row(overlap(n, k, s)), p=p, right=p - a, k=k, s=s),
    reference=overlap,
    mistakes=(all_ones, no_borders, evened_out, not_cropped, empty_cell),
    cases=(
        {"n": 4, "k": 3, "s": 2, "p": 1, "a": 1},
        {"n": 3, "k": 5, "s": 2, "p": 2, "a": 1},
        {"n": 3, "k": 5, "s": 3, "p": 1, "a": 1},
    ),
    free=True,
)


def plane(n: int, k: int, s: int) -> Array:
    counts = overlap(n, k, s)
    return np.outer(counts, counts)


@mistake(
    "числа двух осей сложены. На плоскости они перемножаются: каждый оттиск строки встречается с каждым "
    "оттиском столбца.",
    "the numbers of the two axes are added. In the plane they multiply: every print along a row meets every "
    "print along a column.",
)
def axes_added(n: int, k: int, s: int) -> Array:
    counts = overlap(n, k, s)
    return np.add.outer(counts, counts)


@mistake(
    "учтена одна ось, получились полосы. Оттиски перекрываются и по вертикали.",
    "one axis is counted, which gives stripes. Prints overlap vertically too.",
)
def stripes(n: int, k: int, s: int) -> Array:
    counts = overlap(n, k, s)
    return np.outer(np.ones(len(counts)), counts)


@mistake(
    "так выглядит карта, когда `k` делится на `s`: внутри ровно. Здесь не делится.",
    "that is the map when `s` divides `k`: even inside. Here it does not.",
)
def even_inside(n: int, k: int, s: int) -> Array:
    counts = overlap(n, k, s)
    counts[s : len(counts) - s] = counts.max()
    return np.outer(counts, counts)


PLANE = Question(
    name="ch07-plane",
    title=Text("Карта на плоскости", "The map in the plane"),
    asks=Text(
        "Вход `n` × `n` из единиц, ядро `k` × `k` из единиц, шаг `s`. Какая карта перекрытий верна? Чем "
        "больше оттисков, тем темнее клетка.",
        "An `n` × `n` input of ones, a `k` × `k` kernel of ones, stride `s`. Which overlap map is right? "
        "The more prints, the stronger the colour.",
    ),
    hint=Text(
        "Посчитайте перекрытия на прямой. Что будет в клетке, где встретились строка с 2 и столбец с 2?",
        "Count the overlaps on the line. What is in the cell where a row of 2 and a column of 2 meet?",
    ),
    why=lambda y, n, k, s: Text(
        "На прямой {line}. На плоскости числа осей перемножаются: там, где встретились два наибольших, "
        "оттисков {most}.",
        "On the line it is {line}. In the plane the numbers of the axes multiply: where two of the largest "
        "meet, there are {most} prints.",
    ).fill(line=row(overlap(n, k, s)), most=out(y.max())),
    reference=plane,
    mistakes=(axes_added, stripes, even_inside),
    cases=(
        {"n": 3, "k": 3, "s": 2},
        {"n": 3, "k": 5, "s": 3},
        {"n": 3, "k": 5, "s": 2},
    ),
    kind="choose",
)


def phases(w: Array, s: int) -> Array:
    return np.array([w[rho::s].sum() for rho in range(s)])


@mistake(
    "сложены соседние веса. В одну фазу попадают веса через `s`.",
    "neighbouring weights are added. The weights of one phase are `s` apart.",
)
def neighbours(w: Array, s: int) -> Array:
    return np.array([part.sum() for part in np.array_split(w, s)])


@mistake(
    "посчитано число весов, а не их сумма. Ровное перекрытие ещё не значит ровный выход.",
    "the weights are counted, not added. An even overlap does not make an even output.",
)
def counted(w: Array, s: int) -> Array:
    return np.array([float(len(w[rho::s])) for rho in range(s)])


@mistake(
    "взято среднее фазы. В клетке оттиски складываются и ни на что не делятся.",
    "the mean of the phase is taken. In a cell prints are added and divided by nothing.",
)
def averaged(w: Array, s: int) -> Array:
    return np.array([w[rho::s].mean() for rho in range(s)])


@mistake(
    "фазы стоят в обратном порядке: веса прочитаны с конца.",
    "the phases stand in reverse order: the weights are read from the end.",
)
def backwards(w: Array, s: int) -> Array:
    return phases(w[::-1], s)


PHASES = Question(
    name="ch07-phases",
    title=Text("Суммы фаз", "Phase sums"),
    asks=Text(
        "Чему равны суммы весов `S` каждой из `s` фаз, начиная с фазы 0?",
        "What are the sums `S` of the weights of each of the `s` phases, starting with phase 0?",
    ),
    hint=Text(
        "Фаза 0 получает веса 0, `s`, 2`s`, …; фаза 1 — следующие за ними.",
        "Phase 0 receives the weights 0, `s`, 2`s`, …; phase 1 the ones after those.",
    ),
    why=lambda S, w, s: Text(
        "В фазу 0 попали {sum} = {value}. Перекрытие ровное, а суммы разные: на входе из единиц они будут "
        "чередоваться.",
        "Phase 0 received {sum} = {value}. The overlap is even, yet the sums differ: on an input of ones "
        "they will alternate.",
    ).fill(sum=joined(" + ", [ker(value) for value in w[::s]]), value=out(S[0])),
    reference=phases,
    mistakes=(neighbours, counted, averaged, backwards),
    cases=(
        {"w": np.array([1.0, 10, 100, 1000]), "s": 2},
        {"w": np.array([2.0, 5, 1, 4, 3, 9]), "s": 3},
        {"w": np.array([3.0, 1, 4, 6, 5, 2]), "s": 2},
    ),
    symbol="S",
    heads=lambda w, s: [f"ρ={rho}" for rho in range(s)],
)


def mend(w: Array, s: int, known: Array) -> Array:
    mended, sums = w * known, phases(w * known, s)
    for u in np.flatnonzero(known == 0):
        mended[u] = sums.max() - sums[u % s]
    return np.asarray(mended, dtype=float)


@mistake(
    "ядро сделано симметричным. Симметрия не выравнивает фазы.",
    "the kernel is made symmetric. Symmetry does not even out the phases.",
)
def mirrored(w: Array, s: int, known: Array) -> Array:
    return np.where(known == 0, (w * known)[::-1], w)


@mistake(
    "выровнены суммы соседних весов, а не фаз.",
    "sums of neighbouring weights are made equal, not those of the phases.",
)
def blocks_evened(w: Array, s: int, known: Array) -> Array:
    mended = w * known
    blocks = np.array_split(np.arange(len(w)), len(w) // s)
    most = max(mended[block].sum() for block in blocks)
    for block in blocks:
        for u in block[known[block] == 0]:
            mended[u] = most - mended[block].sum()
    return mended


@mistake(
    "вписано среднее остальных весов. Нужна сумма, которой фазе не хватает.",
    "the mean of the other weights is written in. What is wanted is what the phase lacks.",
)
def mean_written(w: Array, s: int, known: Array) -> Array:
    return np.where(known == 0, (w * known).sum() / known.sum(), w)


@mistake(
    "повторён соседний вес слева.",
    "the neighbouring weight on the left is repeated.",
)
def left_repeated(w: Array, s: int, known: Array) -> Array:
    mended = w * known
    for u in np.flatnonzero(known == 0):
        mended[u] = mended[u - 1]
    return np.asarray(mended, dtype=float)


def _is_gap(found: Array, w: Array, s: int, known: Array) -> npt.NDArray[np.bool_]:
    return np.asarray(known == 0)


MEND = Question(
    name="ch07-mend",
    title=Text("Вылечите ядро", "Mend the kernel"),
    asks=Text(
        "Один вес стёрт. Каким он должен быть, чтобы слой с шагом `s` не оставлял узора на постоянном входе?",
        "One weight is missing. What must it be for a layer of stride `s` to leave no pattern on a constant "
        "input?",
    ),
    hint=Text(
        "Суммы весов всех фаз должны быть равны.", "The sums of the weights of all phases must be equal."
    ),
    why=lambda found, w, s, known: Text(
        "Теперь сумма каждой фазы равна {sum}. Веса при этом разные, и перекрытие не важно.",
        "Now every phase sums to {sum}. The weights differ all the same, and the overlap does not matter.",
    ).fill(sum=out(phases(found, s)[0])),
    reference=mend,
    mistakes=(mirrored, blocks_evened, mean_written, left_repeated),
    cases=(
        {
            "w": np.array([2.0, 7, 9, 0]),
            "s": 2,
            "known": np.array([1.0, 1, 1, 0]),
        },
        {
            "w": np.array([3.0, 8, 4, 0, 6]),
            "s": 2,
            "known": np.array([1.0, 1, 1, 0, 1]),
        },
        {
            "w": np.array([5.0, 2, 8, 4, 7, 0]),
            "s": 3,
            "known": np.array([1.0, 1, 1, 1, 1, 0]),
        },
    ),
    symbol="w",
    gaps=_is_gap,
    shows=lambda w, s, known: [],
    settings=lambda w, s, known: [f"s = {s}"],
    heads=lambda w, s, known: [f"w[{u}]" for u in range(len(w))],
)

QUESTIONS = (OVERLAP, PLANE, PHASES, MEND)


def overlap_map() -> Puzzle:
    """The overlap map of a popular layer."""
    return Puzzle(OVERLAP)


def overlap_picture() -> Puzzle:
    """Which picture is the overlap map in the plane."""
    return Puzzle(PLANE)


def phase_sums() -> Puzzle:
    """The sums of the weights of each phase."""
    return Puzzle(PHASES)


def clean_kernel() -> Puzzle:
    """The missing weight of a kernel without a checkerboard."""
    return Puzzle(MEND)
