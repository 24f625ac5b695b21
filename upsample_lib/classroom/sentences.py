"""What the assignments and the class report say."""

from upsample_lib.exercises.language import Text

ASSIGNMENT = Text("Глава {number}: упражнения", "Chapter {number}: exercises")
HOW = Text(
    "Замените `...` своим кодом и запустите ячейку с проверкой под ним: она скажет, верно ли, а если нет, на "
    "какую ошибку похоже. Подсказку даёт `{example}.hint()`, и так с именем каждого упражнения. Ячейки с "
    "проверкой не меняйте: перед оценкой они восстанавливаются.",
    "Replace `...` with your code and run the test cell below it: it says whether the answer is right and, "
    "if not, which mistake it looks like. `{example}.hint()` gives a hint, and so with any exercise. Leave "
    "the test cells as they are: they are put back before grading.",
)
NOTHING_GRADED = Text(
    "В {folder} нет проверенных работ: сначала запустите `nbgrader autograde`.",
    "There is no graded work in {folder}: run `nbgrader autograde` first.",
)
LEARNERS = Text("Работ: {count}.", "Submissions: {count}.")
EXERCISE = Text(
    "{exercise}: верно {passed}, неверно {failed}, не начато {untouched}",
    "{exercise}: right {passed}, wrong {failed}, not attempted {untouched}",
)
NO_ANSWER = Text("проверка не дошла до конца ({error})", "the test did not come to an end ({error})")
RAISED = Text("ошибка при выполнении: {name}", "an error while running: {name}")
UNNAMED = Text("по условию: {name}", "by condition: {name}")
# what a check tells apart from wrong answers; the rest are conditions such as "k > s", which need no words
STATES = {
    "timeout": Text("не ответила вовремя: бесконечный цикл", "no answer in time: an endless loop"),
    "died": Text("завершила свой процесс аварийно", "brought down the process it ran in"),
    "memory": Text("не хватило памяти", "ran out of memory"),
    "exit": Text("завершает программу вместо return", "ends the program instead of returning"),
    "input": Text("ждёт ввода с клавиатуры", "waits for the keyboard"),
    "unsendable": Text("не передаётся на проверку", "cannot be handed over for checking"),
    "unloadable": Text("не загружается для проверки", "cannot be loaded for checking"),
    "none": Text("ничего не вернула", "returned nothing"),
    "printed": Text("напечатала ответ, но не вернула", "printed the answer but did not return it"),
    "type": Text("вернула не тот тип", "returned the wrong type"),
    "dtype": Text("не тот тип чисел", "the wrong dtype"),
    "changed": Text("изменила свой аргумент", "changed its argument"),
    "forbidden": Text("вызывает то, что надо написать", "calls what it should implement"),
    "signature": Text("не те аргументы", "the wrong arguments"),
    "not a function": Text("передана не функция", "what was given is no function"),
    "shape": Text("форма ответа неверна", "the wrong shape"),
    "factor": Text("верное место, неверный множитель", "the right place, a wrong factor"),
    "impulse": Text("значения попали не туда", "values went to the wrong places"),
    "depends": Text("неверно лишь при некоторых аргументах", "wrong only for some arguments"),
    "values": Text("форма верная, значения нет", "the right shape, wrong values"),
}
WRITTEN = Text("записано: {path}", "written: {path}")
KEPT = Text(
    "оставлено как есть, файл изменён: {path} (заменить: --replace)",
    "left as it is, the file was edited: {path} (to write over it: --replace)",
)
