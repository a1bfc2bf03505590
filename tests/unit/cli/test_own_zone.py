"""Where a number is at home."""

import pytest

from unlost.cli.own_zone import zone_of


@pytest.mark.parametrize(
    ("device", "zone"),
    [
        ("5511987654321@s.whatsapp.net", "America/Sao_Paulo"),
        ("5592998765432:12@s.whatsapp.net", "America/Manaus"),
        ("+62 812 3456 7890", "Asia/Jakarta"),
        ("+44 7700 900123", None),  # several, or none: its mobile numbers have no place
        ("", None),
        ("999", None),
    ],
)
def test_a_numbers_zone_is_that_of_its_area_code_and_never_a_guess(device: str, zone: str | None) -> None:
    assert zone_of(device) == zone
