"""A client of a kernel that notices every answer.

A message that the client sends while an answer arrives can use up the only notice of it: waiting for the
answer then lasts as long as the time limit, although it is there. That happens with widgets, whose output
areas make the client send messages of its own. Waiting in short turns looks again after each.
"""

from queue import Empty
from time import monotonic
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.manager import AsyncKernelManager
from traitlets import Type

TURN = 0.1


class InTurns(AsyncZMQSocketChannel):
    async def get_msg(  # type: ignore[override]
        self, timeout: float | None = None
    ) -> dict[str, Any]:
        end = None if timeout is None else monotonic() + timeout
        while True:
            left = TURN if end is None else end - monotonic()
            try:
                return await super().get_msg(min(TURN, max(left, 0)))
            except Empty:
                if left <= TURN and end is not None:
                    raise


class Client(AsyncKernelClient):
    shell_channel_class = Type(InTurns)


class Manager(AsyncKernelManager):
    client_factory = Type(Client)
