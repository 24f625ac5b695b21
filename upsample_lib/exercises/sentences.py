"""Everything a check says that is not about one exercise."""

from upsample_lib.exercises.language import Text

PASSED = Text("Верно: все проверки пройдены ({count}).", "Right on every case ({count}).")
NOT_ATTEMPTED = Text(
    "Ещё не написано. Замените `…` своим кодом и запустите проверку.",
    "Not written yet. Replace `…` with your code and run the check.",
)
UNCHANGED = Text(
    "Функция пока прежняя. Найдите в ней ошибку, исправьте её и запустите проверку.",
    "The function is as it was. Find what is wrong with it, repair it and run the check.",
)
NOT_A_FUNCTION = Text(
    "Передайте саму функцию, без скобок: `check({name})`. Пришло значение типа `{type}`.",
    "Pass the function itself, without brackets: `check({name})`. What came is of type `{type}`.",
)
SIGNATURE = Text(
    "Функция должна принимать аргументы ({expected}), а принимает ({got}).",
    "The function should take the arguments ({expected}); yours takes ({got}).",
)
FORBIDDEN = Text(
    "Функция вызывает `{name}`, а упражнение в том, чтобы обойтись без неё.",
    "Your function calls `{name}`; the exercise is to do without it.",
)
RETURNED_NONE = Text(
    "Функция ничего не вернула (`None`). В конце нужен `return`.",
    "The function returned nothing (`None`). It needs a `return` at the end.",
)
PRINTED = Text(
    "Функция напечатала ответ, но не вернула его. Замените `print(…)` на `return …`.",
    "The function printed its answer but did not return it. Turn `print(…)` into `return …`.",
)
WRONG_TYPE = Text(
    "Функция вернула `{got}`, а нужен `{expected}`.", "The function returned `{got}`; `{expected}` is needed."
)
WRONG_OUTPUTS = Text(
    "Функция вернула `{got}`, а нужны {count} значения: `return {expected}`.",
    "The function returned `{got}`; {count} values are needed: `return {expected}`.",
)
WRONG_DTYPE = Text(
    "Тип чисел в ответе `{got}`, а должен быть `{expected}`.",
    "The answer's dtype is `{got}`; it should be `{expected}`.",
)
FRACTIONS_LOST = Text("Целый тип отбрасывает дробную часть.", "An integer dtype drops the fractional part.")
WHOLE_DIVISION = Text(
    "Деление `/` всегда даёт дробный тип; целую часть частного даёт `//`.",
    "A division `/` always gives a float; `//` gives the whole part of the quotient.",
)
CHANGED = Text(
    "Функция изменила свой аргумент `{name}`. Сделайте копию: тот, кто вызывает функцию, не ждёт, что его "
    "данные изменятся.",
    "The function changed its argument `{name}`. Work on a copy: whoever calls it does not expect the data "
    "to change.",
)
TIMEOUT = Text(
    "Функция не ответила за {limit} с. Похоже на бесконечный цикл или очень долгое вычисление.",
    "No answer within {limit} s. It looks like an endless loop or a very long computation.",
)
DIED = Text(
    "Функция аварийно завершила процесс, в котором выполнялась (код {code}). На блокнот это не повлияло.",
    "The function brought down the process it ran in (code {code}). The notebook is unharmed.",
)
MEMORY = Text(
    "Функции не хватило памяти. Проверьте, не растёт ли массив или список в цикле без конца.",
    "The function ran out of memory. See whether an array or a list grows without end in a loop.",
)
EXIT = Text(
    "Функция завершает программу (`{type}`). Здесь нужен `return`.",
    "The function ends the program (`{type}`). What is needed here is `return`.",
)
INPUT = Text(
    "Функция ждёт ввода с клавиатуры. Всё нужное уже есть в её аргументах.",
    "The function waits for the keyboard. All it needs is in its arguments.",
)
RAISED = Text("Ошибка {type}: {message}.", "{type}: {message}.")
RAISED_AT = Text("Строка `{line}`.", "In the line `{line}`.")
PRECISION = Text(
    "Числа в аргументах — float64, а `torch.zeros` и `torch.ones` создают float32. Берите тип у аргумента: "
    "`x.new_zeros(…)` или `dtype=x.dtype`.",
    "The numbers given are float64, while `torch.zeros` and `torch.ones` make float32. Take the dtype from "
    "an argument: `x.new_zeros(…)` or `dtype=x.dtype`.",
)
UNSENDABLE = Text(
    "Функцию не удалось передать на проверку ({type}: {message}). Уберите из неё открытые файлы, соединения "
    "и потоки.",
    "The function could not be handed over for checking ({type}: {message}). Keep open files, connections "
    "and threads out of it.",
)
UNLOADABLE = Text(
    "Функцию не удалось загрузить для проверки ({type}: {message}).",
    "The function could not be loaded for checking ({type}: {message}).",
)
LOOKS_LIKE = Text("Похоже на такую ошибку: {mistake}", "It looks like this mistake: {mistake}")
LOOKS_LIKE_TWO = Text(
    "Похоже сразу на две ошибки. Первая: {one} Вторая: {other}",
    "It looks like two mistakes at once. First: {one} Second: {other}",
)
SHAPE = Text(
    "Форма ответа {got}, а должна быть {expected}.", "You returned the shape {got}, expected {expected}."
)
IMPULSE = Text(
    "Вклад {product} попал в {got}, а должен попасть в {expected}.",
    "{product} went to {got}, expected {expected}.",
)
IMPULSE_LOST = Text(
    "Вклад {product} никуда не попал, а должен попасть в {expected}.",
    "{product} went nowhere, expected {expected}.",
)
FACTOR = Text(
    "Вклад {product} попал куда надо (в {place}), но с множителем {got} вместо 1.",
    "{product} went to the right place ({place}), but with a factor of {got} instead of 1.",
)
NOWHERE = Text("никуда", "nowhere")
DEPENDS = Text("Ответ неверен только при {condition}.", "The answer is wrong only when {condition}.")
NOT_NUMBERS = Text(
    "В ответе есть `nan`. Обычно так кончается деление нуля на нуль.",
    "There is a `nan` in the answer. It usually comes from dividing zero by zero.",
)
VALUES = Text(
    "Форма верная, значения нет. Сравните числа на картинке.",
    "The shape is right, the values are not. Compare the numbers in the picture.",
)
GIVEN = Text("дано", "given")
EXPECTED = Text("ожидалось", "expected")
GOT = Text("получено", "got")
DIFFERENCE = Text("разность", "difference")
SLICE = Text("показан срез {index}", "showing the slice {index}")
CUT = Text("показано начало", "showing the beginning")
PICTURE = Text("Ожидалось {expected}, получено {got}.", "Expected {expected}, got {got}.")
HINT = Text("Подсказка {number} из {count}", "Hint {number} of {count}")
SOLUTION = Text("Решение", "Solution")
PROGRESS = Text("Решено {done} из {count}", "{done} of {count} solved")
NOT_SAVED = Text("Записать успехи не удалось: {path}.", "Progress could not be saved: {path}.")
