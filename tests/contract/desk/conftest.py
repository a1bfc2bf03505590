"""The helpdesk every contract test of the desk is given."""

from __future__ import annotations

import pytest

from tests.contract.desk.helpdesk import Helpdesk


@pytest.fixture
def desk() -> Helpdesk:
    """A founded helpdesk in memory."""
    return Helpdesk()
