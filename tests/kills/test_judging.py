"""What the judge of the kills lets pass, and what not."""

from tests.kills.judging import order_of_one_form
from unlost.cli.demo.ledger import Sent, Shown, judge


def _sent(place: int, chat: str) -> Sent:
    return Sent(place, f"{chat}{place}", chat, "text", "", 100 + place, unrecoverable=False)


SENT = [_sent(place, chat) for chat in ("ana", "bo") for place in (1, 2)]
SHOWN = [
    Shown(number, conversation, f"WAID:{name}", is_late=False)
    for number, conversation, name in ((1, 7, "ana2"), (2, 8, "ana1"), (3, 9, "bo2"), (4, 9, "bo1"))
]


def test_only_of_a_person_in_two_forms_no_order_is_asked() -> None:
    judged = judge(SENT, SHOWN)
    assert judged.out_of_order_ids == ("ana2", "bo2")
    left = order_of_one_form(judged, {"ana1", "ana2"})
    assert (left.out_of_order, left.out_of_order_ids) == (1, ("bo2",))
