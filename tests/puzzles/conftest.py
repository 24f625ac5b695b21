from tests.explorables.conftest import show

__all__ = ["show"]
