"""How much room a channel has in a spool that all channels share. Pure."""

from collections.abc import Mapping

from unlost.vocabulary.ids import ChannelName


def room_bytes(
    channel: ChannelName, used: Mapping[ChannelName, int], own: Mapping[ChannelName, int], max_bytes: int
) -> int:
    """What *channel* may add to what all have *used*, of *max_bytes* in all; below 0 where there is more than there should be.

    All but what each other channel has or, where that is less, may have as its *own*: a channel that keeps to this never takes
    another's own, and has no less than its own, wherever all of these fit in together. Equal parts would do so too; but a channel alone
    at work could not have what nobody else needs.
    """
    others = (used.keys() | own.keys()) - {channel}
    kept_free = sum(max(used.get(other, 0), own.get(other, 0)) for other in others)
    return max_bytes - kept_free - used.get(channel, 0)
