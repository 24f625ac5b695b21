"""The gradient of max pooling: a broken function to repair."""

import numpy as np

from upsample_lib.exercises.cases import Array, Shape, mistake, primes, scattered
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def max_gradient(x, g, k, s):
    back = np.zeros(len(x))
    for i in range(len(g)):
        place = i + x[i : i + k].argmax()
        back[place] = g[i]
    return back
"""


def max_gradient(x: Array, g: Array, k: int, s: int) -> Array:
    back = np.zeros(len(x))
    for i in range(len(g)):
        place = i * s + x[i * s : i * s + k].argmax()
        back[place] += g[i]
    return back


@mistake(
    "градиенты записываются (`=`), а не складываются (`+=`). Если одно число победило в двух окнах, оно "
    "должно получить сумму.",
    "gradients are written (`=`) instead of added (`+=`). A number that has won in two windows should get "
    "the sum.",
)
def assigned(x: Array, g: Array, k: int, s: int) -> Array:
    back = np.zeros(len(x))
    for i in range(len(g)):
        back[i * s + x[i * s : i * s + k].argmax()] = g[i]
    return back


@mistake(
    "шаг не используется: окно с номером `i` начинается в `i * s`, а не в `i`.",
    "the stride is not used: window number `i` starts at `i * s`, not at `i`.",
)
def stride_ignored(x: Array, g: Array, k: int, s: int) -> Array:
    return max_gradient(x, g, k, 1)


@mistake(
    "место посчитано внутри окна: к `argmax` надо прибавить начало окна.",
    "the place is counted within the window: add where the window starts to `argmax`.",
)
def place_in_window(x: Array, g: Array, k: int, s: int) -> Array:
    back = np.zeros(len(x))
    for i in range(len(g)):
        back[x[i * s : i * s + k].argmax()] += g[i]
    return back


@mistake(
    "равные числа поделили градиент. Так делает `torch.amax`, а макс-пулинг отдаёт весь градиент первому.",
    "equal numbers share the gradient. That is what `torch.amax` does; max pooling gives all of it to the "
    "first.",
)
def shared_by_equals(x: Array, g: Array, k: int, s: int) -> Array:
    back = np.zeros(len(x))
    for i in range(len(g)):
        seen = x[i * s : i * s + k]
        winners = seen == seen.max()
        back[i * s : i * s + k] += winners * g[i] / winners.sum()
    return back


@mistake(
    "из равных чисел градиент получило последнее, а должно первое.",
    "of equal numbers the last got the gradient; it should be the first.",
)
def last_of_equals(x: Array, g: Array, k: int, s: int) -> Array:
    back = np.zeros(len(x))
    for i in range(len(g)):
        back[i * s + k - 1 - x[i * s : i * s + k][::-1].argmax()] += g[i]
    return back


@mistake(
    "градиент роздан всему окну поровну. Это градиент усредняющего пулинга; у макс-пулинга он весь идёт "
    "победителю.",
    "the gradient is shared out over the whole window. That is the gradient of average pooling; with max "
    "pooling all of it goes to the winner.",
)
def spread(x: Array, g: Array, k: int, s: int) -> Array:
    back = np.zeros(len(x))
    for i in range(len(g)):
        back[i * s : i * s + k] += g[i] / k
    return back


@mistake(
    "градиент умножен на само число. Производная выбора равна 1, какое бы число ни победило.",
    "the gradient is multiplied by the number itself. The derivative of selecting is 1, whichever number has "
    "won.",
)
def multiplied(x: Array, g: Array, k: int, s: int) -> Array:
    return x * max_gradient(x, g, k, s)


@mistake(
    "место найдено поиском по всему сигналу. Если такое же число стоит раньше, градиент уйдёт к нему.",
    "the place was found by searching the whole signal. If the same number stands earlier, the gradient goes "
    "there.",
)
def searched_everywhere(x: Array, g: Array, k: int, s: int) -> Array:
    back = np.zeros(len(x))
    for i in range(len(g)):
        back[x.tolist().index(x[i * s : i * s + k].max())] += g[i]
    return back


EXERCISE = Exercise(
    name="ch01.max_gradient",
    title=Text("Почините градиент", "Repair the gradient"),
    task=Text(
        "Функция должна вернуть градиент макс-пулинга по входу `x`, если градиент по выходу равен `g`; окно "
        "`k`, шаг `s`. В ней две ошибки. Найдите обе.",
        "The function should return the gradient of max pooling with respect to its input `x`, given the "
        "gradient `g` with respect to its output; window `k`, stride `s`. It has two faults. Find both.",
    ),
    stub=STUB,
    reference=max_gradient,
    mistakes=(
        assigned,
        stride_ignored,
        place_in_window,
        shared_by_equals,
        last_of_equals,
        spread,
        multiplied,
        searched_everywhere,
    ),
    cases=(
        {"x": np.array([5.0, 1, 2, 7]), "g": np.array([1.0, 10]), "k": 2, "s": 2},
        {"x": np.array([1.0, 7, 3]), "g": np.array([1.0, 10]), "k": 2, "s": 1},
        {"x": np.array([2.0, 1, 7, 5, 3, 8, 4]), "g": np.array([1.0, 10, 100]), "k": 3, "s": 2},
        {"x": np.array([4.0, 4, 1, 4, 3, 3]), "g": np.array([1.0, 10, 100]), "k": 2, "s": 2},
        {"x": scattered(7), "g": primes(5) / 2, "k": 3, "s": 1},
        {"x": scattered(8, start=3), "g": primes(2, start=5), "k": 2, "s": 4},
    ),
    hints=(
        Text(
            "Возьмите `x = [5, 1, 2, 7]`, `k = s = 2`. Где начинается второе окно, а где его ищет функция?",
            "Take `x = [5, 1, 2, 7]` and `k = s = 2`. Where does the second window start, and where does the "
            "function look for it?",
        ),
        Text(
            "Теперь `x = [1, 7, 3]`, `k = 2`, `s = 1`: семёрка победила в обоих окнах. Что она должна "
            "получить?",
            "Now `x = [1, 7, 3]`, `k = 2`, `s = 1`: the seven has won in both windows. What should it get?",
        ),
        Text(
            "Окно начинается в `i * s`, а на общем месте градиенты складываются: `back[place] += g[i]`.",
            "A window starts at `i * s`, and at a shared place gradients add up: `back[place] += g[i]`.",
        ),
    ),
    shapes={
        "output's size": Shape(
            lambda x, g, k, s: (len(g),),
            Text(
                "Это размер выхода; градиент по входу имеет размер входа.",
                "That is the output's size; the gradient with respect to the input has the input's size.",
            ),
        ),
    },
    features={
        "k > s": lambda x, g, k, s: k > s,
        "s > 1": lambda x, g, k, s: s > 1,
    },
    forbidden=("gradient", "torch.autograd.grad", "torch.autograd.backward"),
)
