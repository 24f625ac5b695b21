"""The build's client of a kernel: it looks again and again, so that no answer waits for its notice."""

import asyncio
from queue import Empty

import pytest
from nbclient import NotebookClient
from nbformat import v4
from site_build.kernel import TURN, Client, InTurns, Manager


class Unnoticed:
    """A socket whose message arrives during turn `arrives`; nobody is told, only looking finds it."""

    def __init__(self, arrives):
        self.arrives, self.turns = arrives, []

    async def poll(self, milliseconds):
        self.turns.append(milliseconds)
        await asyncio.sleep(milliseconds / 1000)
        return len(self.turns) >= self.arrives


class Channel(InTurns):
    def __init__(self, arrives):
        self.socket = Unnoticed(arrives)

    async def _recv(self, **kwargs):
        return {"content": "the answer"}


@pytest.mark.parametrize("timeout", [30, None])
def test_an_answer_without_notice_is_found_after_a_turn(timeout):
    channel = Channel(arrives=3)
    assert asyncio.run(channel.get_msg(timeout)) == {"content": "the answer"}
    assert channel.socket.turns == [int(TURN * 1000)] * 3


def test_the_time_limit_is_kept():
    channel = Channel(arrives=1000)
    with pytest.raises(Empty):
        asyncio.run(channel.get_msg(2.5 * TURN))
    assert len(channel.socket.turns) == 3
    assert sum(channel.socket.turns) == pytest.approx(2500 * TURN, rel=0.2)


def test_notebooks_run_with_it():
    cell = v4.new_code_cell(
        "import ipywidgets\narea = ipywidgets.Output()\nwith area:\n    print(6 * 7)\narea"
    )
    seen = []
    client = NotebookClient(v4.new_notebook(cells=[cell]), timeout=60, kernel_manager_class=Manager)
    client.on_cell_executed = lambda **_: seen.append((type(client.kc), type(client.kc.shell_channel)))
    client.execute()
    assert seen == [(Client, InTurns)]
    assert "widget-view" in str(cell.outputs[0].data)
