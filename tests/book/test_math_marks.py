"""Short formulas stay on one line with the marks that touch them."""

import pytest
from docutils import nodes
from prerendered_math.marks import LONGEST, keep, signs


def drawn(*parts):
    """A paragraph; a formula stands between dollar signs, a link between angle brackets."""
    paragraph = nodes.paragraph()
    for part in parts:
        if part.startswith("<"):
            link = nodes.reference()
            link += [nodes.Text("the case "), nodes.math("", part.strip("<>$"))]
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
        (["see ", "<$k = 4$>", "; then"], "see |the case k = 4;| then"),
        (["a dash ", "$s$", " — stays"], "a dash s — stays"),
        (["$s$"], "s"),
    ],
)
def test_marks_stay_with_their_formula(parts, expected):
    assert shown(drawn(*parts)) == expected


def test_a_long_formula_may_break():
    long = "+".join("x" * (LONGEST // 2 + 1))
    assert shown(drawn("so ", f"${long}$", ", and")) == f"so {long}, and"


def test_commands_are_one_sign():
    assert signs(nodes.math("", r"\lfloor \inp{n} / s \rfloor + 1")) == len("[xn/s]+1")
