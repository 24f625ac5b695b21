"""Turning a front-end module into a classic script."""

import pytest
from widget_host.modules import ModuleError, classic_script, kebab


@pytest.mark.parametrize(
    ("identifier", "name"),
    [
        ("upsample_lib.explorables.transposed.TransposedConvolution1D", "transposed-convolution-1d"),
        ("package.PixelShuffle", "pixel-shuffle"),
        ("package.HTMLWidget", "html-widget"),
        ("", "widget"),
    ],
)
def test_names(identifier, name):
    assert kebab(identifier) == name


def test_the_module_becomes_a_function_that_is_registered():
    module = "const T = 1;\nexport function size() {}\nfunction render() {}\nexport default { render };"
    script = classic_script(module, "w-1")
    assert script.startswith('upsampleExplorables.define("w-1", async () => {')
    assert "export" not in script
    assert "\nfunction size() {}\n" in script
    assert "upModule = { render };" in script
    assert script.rstrip().endswith("return upModule;\n});")


@pytest.mark.parametrize(
    ("module", "message"),
    [
        ("function render() {}", "must have one `export default`, got 0"),
        ("export default {};\nexport default {};", "must have one `export default`, got 2"),
        ('import x from "y";\nexport default {};', 'self-contained, got `import x from "y";`'),
        ("export { a };\nexport default {};", "self-contained, got `export { a };`"),
        ('const x = await import("y");\nexport default {};', r"self-contained, got `import\(`"),
    ],
)
def test_modules_that_need_others_are_refused(module, message):
    with pytest.raises(ModuleError, match=message):
        classic_script(module, "w-1")
