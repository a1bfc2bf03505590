"""One office a module: stories that do not disturb each other share it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.acceptance.office import Office

Opened = Callable[..., Office]


@pytest.fixture(scope="module")
def open_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """Opens offices as `Office` describes them; all are closed after the module."""
    with ExitStack() as stack:

        def opened(*changes: tuple[str, str], **how: object) -> Office:
            folder: Path = tmp_path_factory.mktemp("office")
            office = Office(folder, **how)  # type: ignore[arg-type]  # passed on as they are
            office.reconfigure(*changes)
            stack.callback(office.close)
            office.open()
            return office

        yield opened
