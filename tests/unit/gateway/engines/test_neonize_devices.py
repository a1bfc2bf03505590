"""What a device of the real engine is called, and whether it is the one that the settings mean."""

from datetime import UTC, datetime

import pytest

from unlost.gateway.devices.roll import Slot
from unlost.gateway.engines.neonize_devices import is_same_number, label_of

AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("jid", "other", "same"),
    [
        ("5541999887766@s.whatsapp.net", "5541999887766@s.whatsapp.net", True),
        ("554199887766@s.whatsapp.net", "5541999887766@s.whatsapp.net", True),
        ("5541999887766@s.whatsapp.net", "554199887766", True),
        ("5541999887766:3@s.whatsapp.net", "5541999887766@s.whatsapp.net", True),
        ("5541999887766@s.whatsapp.net", "5511999887766@s.whatsapp.net", False),
        ("4941999887766@s.whatsapp.net", "494199887766@s.whatsapp.net", False),
    ],
)
def test_a_brazilian_mobile_number_is_one_with_and_without_its_ninth_digit(jid: str, other: str, same: bool) -> None:
    assert is_same_number(jid, other) is same


def test_a_device_is_called_by_its_slot_and_a_number_by_its_end_alone() -> None:
    assert label_of(Slot("support", "Support", AT)) == "support"
    labels = [label_of(Slot(f"{number}@s.whatsapp.net", "x", AT)) for number in ("5541999887766", "5511999887766")]
    assert [one[:5] for one in labels] == ["7766-", "7766-"]
    assert labels[0] != labels[1]
