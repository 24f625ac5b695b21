"""The colour code's macros, written out for a notebook's MathJax."""

import pytest
from prerendered_math import expand_macros


@pytest.mark.parametrize(
    ("tex", "expanded"),
    [
        (r"\inp{x}", r"\textcolor{#0072B2}{x}"),
        (r"\ker{k} + \out{y}", r"\textcolor{#B85000}{k} + \textcolor{#007A5A}{y}"),
        (r"\zer 0", r"\textcolor{#6B6B6B}{0}"),
        (r"\ker\alpha_1", r"\textcolor{#B85000}{\alpha}_1"),
        (r"\out{y_{i+\inp{x}}}", r"\textcolor{#007A5A}{y_{i+\textcolor{#0072B2}{x}}}"),
        (r"\inp{\{x\}}", r"\textcolor{#0072B2}{\{x\}}"),
        # longer names are not ours
        (r"\output \kernel{k} \inplace", r"\output \kernel{k} \inplace"),
        ("шаг $s$ и ядро $\\ker{k}$.", "шаг $s$ и ядро $\\textcolor{#B85000}{k}$."),
    ],
)
def test_expanded(tex, expanded):
    assert expand_macros(tex) == expanded


@pytest.mark.parametrize("tex", [r"\inp{x", r"a + \inp"])
def test_without_a_whole_argument_it_is_refused(tex):
    with pytest.raises(ValueError, match="colour macro"):
        expand_macros(tex)
