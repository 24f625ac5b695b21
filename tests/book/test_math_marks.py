"""Short formulas stay on one line with the marks that touch them."""

import pytest
from docutils import nodes
from prerendered_math.marks import LONGEST, keep, signs


def drawn(*parts):
    """A paragraph; a formula stands between dollar signs, a link between angle brackets, a tag is a tag."""
    paragraph = nodes.paragraph()
    for part in parts:
        if part.startswith(("<a ", "</a")):
            paragraph += nodes.raw("", part, format="html")
        elif part.startswith("<"):
            link = nodes.reference()
            words, formula = part.strip("<>").split("$")[:2]
            link += [nodes.Text(words), nodes.math("", formula)]
            paragraph += link
        else:
            paragraph += nodes.math("", part.strip("$")) if part.startswith("$") else nodes.Text(part)
    for formula in list(paragraph.findall(nodes.math)):
        keep(formula)
    return paragraph


def shown(paragraph):
    """Its text, with what is kept together between vertical lines."""
    return "".join(
        f"|{child.astext()}|" if isinstance(child, nodes.inline) else child.astext() for child in paragraph
    )


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (["at ", "$k = 3$", ", ", "$s = 2$", " it is"], "at |k = 3,| s = 2 it is"),
        (["always (", "$a < s$", "). Then"], "always |(a < s).| Then"),
        (["from ", "$a$", "–", "$b$", "."], "from |a–||b.|"),
        (["an ", "$s$", "-fold gain"], "an |s-fold| gain"),
        (["ядро «", "$w$", "»"], "ядро |«w»|"),
        (["see ", "<the case $k = 4$>", "; then"], "see |the case k = 4;| then"),
        (["or ", "<a href='#e'>", "$k = 4$", "</a>", ", then"], "or |<a href='#e'>k = 4</a>,| then"),
        (["a dash ", "$s$", " — stays"], "a dash s — stays"),
        (["$s$"], "s"),
    ],
)
def test_marks_stay_with_their_formula(parts, expected):
    assert shown(drawn(*parts)) == expected


def test_a_long_formula_may_break():
    long = "+".join("x" * (LONGEST // 2 + 1))
    assert shown(drawn("so ", f"${long}$", ", and")) == f"so {long}, and"
    assert shown(drawn("see ", f"<{'a longer link ' * 3}$k$>", ", and")).count("|") == 0
    numbers = f"({', '.join(['321'] * LONGEST)})"  # nowhere to break
    assert shown(drawn("so ", f"${numbers}$", ", and")) == f"so |{numbers},| and"


def test_commands_are_one_sign():
    assert signs(nodes.math("", r"\lfloor \inp{n} / s \rfloor + 1")) == len("[xn/s]+1")
