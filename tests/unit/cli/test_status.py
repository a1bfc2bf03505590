"""How a channel reads in `unlost status`."""

import pytest

from unlost.cli.status import shown_name


@pytest.mark.parametrize(
    ("paused", "shown"),
    [
        ([], "support"),
        (["look-ups"], "support"),
        (["inbound", "look-ups", "chores"], "support (paused: inbound)"),
        (["inbound", "outbound"], "support (paused: inbound, outbound)"),
    ],
)
def test_a_channel_is_called_paused_only_where_messages_stand_still(paused: list[str], shown: str) -> None:
    """A gateway that refuses our password stops the look-ups alone: 'paused: ' with nothing behind it says nothing."""
    assert shown_name({"name": "support", "paused": paused}) == shown
