"""An explorable in JupyterLab with a live kernel: the browser moves Python, and Python moves the browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import v4

ROOT = Path(__file__).resolve().parents[2]
CELLS = (
    "from upsample_lib.explorables import TransposedConvolution2D\n"
    "e = TransposedConvolution2D(input=[[1, 2], [3, 4]], weight=[[1, 2], [3, 5]], stride=1)\ne",
    "e.stride = 2\nprint('moved', e.output.shape)",
    "print('now', e.stride, e.output.shape)",
)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a notebook that a JupyterLab server of its own has open."""
    folder = tmp_path_factory.mktemp("lab")
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    book = v4.new_notebook(cells=[v4.new_code_cell(cell) for cell in CELLS], metadata=kernel)
    nbformat.write(book, folder / "e.ipynb")
    port, home = _free_port(), tmp_path_factory.mktemp("home")
    environment = os.environ | {
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home),
        "PYTHONPATH": str(ROOT),
    }
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}",
        "--IdentityProvider.token=lab", f"--notebook-dir={folder}",
        "--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    said = folder / "server.log"  # not a pipe: a full one would stop the server
    with said.open("w", encoding="utf-8") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            if server.poll() is not None:
                pytest.fail(f"JupyterLab did not start: {said.read_text('utf-8')}")
            try:
                urllib.request.urlopen(f"{address}/api?token=lab", timeout=5).close()
                break
            except OSError:
                time.sleep(0.5)
        else:
            pytest.fail("JupyterLab did not answer within two minutes")
        yield f"{address}/lab/tree/e.ipynb?token=lab"
    finally:
        server.terminate()
        server.wait(20)


def test_python_and_the_browser_move_each_other(browser: Any, lab: str) -> None:
    context = browser.new_context(viewport={"width": 1300, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(90_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(lab)
    page.locator(".jp-Notebook .jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    shown = page.locator(".jp-OutputArea .ux")
    shown.wait_for()
    stride = shown.get_by_role("spinbutton", name="s,")
    assert stride.get_attribute("aria-valuenow") == "1"

    page.keyboard.press("Shift+Enter")
    page.get_by_text("moved (4, 4)").wait_for()
    page.wait_for_function("document.querySelector('.jp-OutputArea .ux').innerText.includes('4 × 4')")
    assert stride.get_attribute("aria-valuenow") == "2"

    stride.focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_function("document.querySelector('.jp-OutputArea .ux').innerText.includes('5 × 5')")
    page.locator(".jp-Notebook .jp-CodeCell .cm-content").nth(2).click()
    page.keyboard.press("Shift+Enter")
    page.get_by_text("now 3 (5, 5)").wait_for()
    context.close()
    assert errors == []
