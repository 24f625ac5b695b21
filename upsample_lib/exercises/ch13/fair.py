"""How many times faster: the median of the ratios within rounds."""

from typing import Any

import numpy as np
import numpy.typing as npt

from upsample_lib.exercises.cases import Array, mistake
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import Text

STUB = """def speedup(old, new):
    ...
"""


def speedup(old: Array, new: Array) -> Any:
    return np.median(old.min(axis=1) / new.min(axis=1))


@mistake(
    "отношение перевёрнуто: ускорение больше единицы, когда новый способ быстрее, значит, делят старое "
    "время на новое.",
    "the ratio is upside down: a speed-up is above one when the new way is faster, so the old time is "
    "divided by the new one.",
)
def upside_down(old: Array, new: Array) -> Any:
    return np.median(new.min(axis=1) / old.min(axis=1))


@mistake(
    "поделены средние всех измерений. Один вызов, который прервали, тянет среднее за собой; возьмите в "
    "каждом раунде самый быстрый вызов.",
    "the means of all measurements are divided. One interrupted call drags the mean along; take the fastest "
    "call of each round.",
)
def ratio_of_means(old: Array, new: Array) -> Any:
    return old.mean() / new.mean()


@mistake(
    "внутри раунда взято среднее. Помехи бывают только в одну сторону, поэтому вызов быстрее настоящего не "
    "бывает: берите наименьшее.",
    "the mean is taken within a round. Disturbances go one way only: they never make a call faster. Take "
    "the smallest.",
)
def means_within_rounds(old: Array, new: Array) -> Any:
    return np.median(old.mean(axis=1) / new.mean(axis=1))


@mistake(
    "внутри раунда взята медиана. При трёх вызовах и двух помехах она уже неверна; вызов быстрее настоящего "
    "не бывает, берите наименьшее.",
    "the median is taken within a round. Of three calls two may have been disturbed; disturbances never "
    "make a call faster, so take the smallest.",
)
def medians_within_rounds(old: Array, new: Array) -> Any:
    return np.median(np.median(old, axis=1) / np.median(new, axis=1))


@mistake(
    "поделены медианы по раундам. Если в половине раундов машина была занята, в одной медиане окажется "
    "занятый раунд, а в другой свободный. Делите внутри раунда.",
    "medians over the rounds are divided. If the machine was busy in half of the rounds, one median may come "
    "from a busy round and the other from a quiet one. Divide within the round.",
)
def ratio_of_medians(old: Array, new: Array) -> Any:
    return np.median(old.min(axis=1)) / np.median(new.min(axis=1))


@mistake(
    "поделены самые быстрые вызовы из всех раундов. Они могли случиться в разное время, при разной частоте "
    "процессора; делите внутри раунда.",
    "the fastest calls of all rounds are divided. They may have come at different times, with the processor "
    "at different speeds; divide within the round.",
)
def ratio_of_minima(old: Array, new: Array) -> Any:
    return old.min() / new.min()


@mistake(
    "отношения раундов усреднены. Один неудачный раунд сдвигает среднее; медиана его не заметит.",
    "the ratios of the rounds are averaged. One bad round moves the mean; the median does not notice it.",
)
def mean_of_ratios(old: Array, new: Array) -> Any:
    return np.mean(old.min(axis=1) / new.min(axis=1))


@mistake(
    "самый быстрый вызов взят по раундам, а не внутри раунда: строка — это раунд, вызовы стоят вдоль оси 1.",
    "the fastest call is taken over the rounds, not within one: a row is a round, the calls lie along axis "
    "1.",
)
def along_the_rounds(old: Array, new: Array) -> Any:
    return np.median(old.min(axis=0) / new.min(axis=0))


def _case(old: npt.ArrayLike, new: npt.ArrayLike) -> dict[str, Any]:
    return {"old": np.array(old, float), "new": np.array(new, float)}


EXERCISE = Exercise(
    name="ch13.speedup",
    title=Text("Во сколько раз быстрее", "How many times faster"),
    task=Text(
        "`old` и `new` — времена двух способов, массивы `(раунды, вызовы)`. В одном раунде оба способа "
        "работали сразу друг за другом. Из каждого раунда возьмите самый быстрый вызов, поделите "
        "старое время на новое внутри раунда и верните медиану отношений.",
        "`old` and `new` are the times of two ways of computing, arrays of shape `(rounds, calls)`. In each "
        "round the two ran one right after the other. Take the fastest call of each "
        "round, divide the old time by the new one within the round, and return the median of the ratios.",
    ),
    stub=STUB,
    reference=speedup,
    mistakes=(
        upside_down,
        ratio_of_means,
        means_within_rounds,
        medians_within_rounds,
        ratio_of_medians,
        ratio_of_minima,
        mean_of_ratios,
        along_the_rounds,
    ),
    cases=(
        _case([[6.0, 6.0, 6.0]], [[3.0, 3.0, 3.0]]),
        _case([[6.0, 7.0, 90.0]], [[3.0, 5.0, 5.5]]),
        _case(
            [[6.0, 7, 8], [21.0, 26, 24], [8.0, 8.5, 60], [30.0, 31, 37], [6.5, 6, 9]],
            [[3.0, 4, 5.5], [9.0, 17, 11], [5.0, 5.5, 6], [10.0, 13, 12], [2.5, 3.5, 40]],
        ),
        _case(
            [[11.0, 12, 13, 19], [5.0, 47, 6, 7], [44.0, 41, 43, 53]],
            [[5.0, 7, 17, 6], [3.0, 3.5, 31, 8], [16.0, 19, 23, 29]],
        ),
    ),
    hints=(
        Text(
            "Что портит измерение: помехи удлиняют вызов или бывает и наоборот? Какой вызов раунда тогда "
            "ближе всего к правде?",
            "What spoils a measurement: do disturbances lengthen a call, or can they also shorten it? "
            "Which call of a round is then closest to the truth?",
        ),
        Text(
            "`old.min(axis=1)` — самый быстрый вызов каждого раунда. Делите такие числа раунд на раунд, а "
            "потом уже сводите к одному.",
            "`old.min(axis=1)` is the fastest call of each round. Divide these numbers round by round, and "
            "only then reduce them to one.",
        ),
        Text(
            "`np.median(old.min(axis=1) / new.min(axis=1))`.",
            "`np.median(old.min(axis=1) / new.min(axis=1))`.",
        ),
    ),
    features={
        "len(old) > 1": lambda old, new: len(old) > 1,
        "old.shape[1] > 3": lambda old, new: old.shape[1] > 3,
    },
)
