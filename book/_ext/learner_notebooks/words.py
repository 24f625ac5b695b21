"""Words of our own in learners' notebooks and in the page header."""

from __future__ import annotations

WORDS = {
    "ru": {
        "install": "Ставит библиотеку курса, если её ещё нет.",
        "missing": "Нет библиотеки {package}: выполните «pip install .» в папке с исходниками курса "
        "и перезапустите ядро.",
        "notebook": "Блокнот этой страницы (.ipynb)",
        "book": "Вся книга, чтобы читать без сети (.zip)",
        "print": "Напечатать или сохранить в PDF",
        "download": "Скачать",
        "launch": "Запустить в облаке",
        "proof": "Доказательство",
        "references": "Литература",
        "note": "Примечание",
        "tip": "Совет",
        "hint": "Подсказка",
        "important": "Важно",
        "warning": "Предупреждение",
        "caution": "Осторожно",
        "attention": "Внимание",
        "danger": "Опасно",
        "error": "Ошибка",
        "seealso": "См. также",
    },
    "en": {
        "install": "Installs the course's library if it is not there yet.",
        "missing": "The library {package} is missing: run “pip install .” in the folder of the course's "
        "source and restart the kernel.",
        "notebook": "Notebook of this page (.ipynb)",
        "book": "The whole book, to read offline (.zip)",
        "print": "Print or save as PDF",
        "download": "Download",
        "launch": "Run in the cloud",
        "proof": "Proof",
        "references": "References",
        "note": "Note",
        "tip": "Tip",
        "hint": "Hint",
        "important": "Important",
        "warning": "Warning",
        "caution": "Caution",
        "attention": "Attention",
        "danger": "Danger",
        "error": "Error",
        "seealso": "See also",
    },
}


def words(language: str) -> dict[str, str]:
    return WORDS.get(language, WORDS["en"])
