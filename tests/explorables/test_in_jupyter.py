"""An explorable in JupyterLab and Notebook 7 with a live kernel: browser and Python move each other."""

import contextlib
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
from playwright.sync_api import TimeoutError

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
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a Jupyter server that offers JupyterLab and Notebook 7, with one notebook for each."""
    folder = tmp_path_factory.mktemp("jupyter")
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    book = v4.new_notebook(cells=[v4.new_code_cell(cell) for cell in CELLS], metadata=kernel)
    for name in ("lab", "notebook"):
        nbformat.write(book, folder / f"{name}.ipynb")
    port, home = _free_port(), tmp_path_factory.mktemp("home")
    environment = os.environ | {
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home),
        "PYTHONPATH": str(ROOT),
    }
    command = [
        sys.executable, "-m", "notebook", "--no-browser", "--allow-root", f"--port={port}",
        "--IdentityProvider.token=own", f"--ServerApp.root_dir={folder}", "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    said = folder / "server.log"  # not a pipe: a full one would stop the server
    with said.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            if process.poll() is not None:
                pytest.fail(f"Jupyter did not start: {said.read_text('utf-8')}")
            try:
                urllib.request.urlopen(f"{address}/api?token=own", timeout=5).close()
                break
            except OSError:
                time.sleep(0.5)
        else:
            pytest.fail("Jupyter did not answer within two minutes")
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _run(page: Any, cell: int) -> None:
    page.locator(".jp-Notebook .jp-CodeCell .cm-content").nth(cell).click()
    page.keyboard.press("Shift+Enter")


@pytest.mark.parametrize("path", ["lab/tree/lab.ipynb", "notebooks/notebook.ipynb"], ids=["lab", "notebook"])
def test_python_and_the_browser_move_each_other(browser: Any, server: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 1300, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(90_000)
    errors: list[str] = []  # of the explorable's module, which anywidget loads as a blob
    page.on("pageerror", lambda error: errors.extend([error.stack] if "blob:" in error.stack else []))
    page.goto(f"{server}/{path}?token=own")
    shown = page.locator(".jp-OutputArea .ux")
    for _ in range(4):  # what is pressed while Jupyter still sets itself up is lost
        _run(page, 0)
        with contextlib.suppress(TimeoutError):
            shown.wait_for(timeout=25_000)
            break
    stride = shown.get_by_role("spinbutton", name="s,")
    assert stride.get_attribute("aria-valuenow") == "1"

    _run(page, 1)
    page.get_by_text("moved (4, 4)").wait_for()
    page.wait_for_function("document.querySelector('.jp-OutputArea .ux').innerText.includes('4 × 4')")
    assert stride.get_attribute("aria-valuenow") == "2"

    stride.focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_function("document.querySelector('.jp-OutputArea .ux').innerText.includes('5 × 5')")
    _run(page, 2)
    page.get_by_text("now 3 (5, 5)").wait_for()
    context.close()
    assert errors == []
