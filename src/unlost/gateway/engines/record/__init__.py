"""The device record: what WhatsApp told one device, on disk before it is acknowledged.

One SQLite file per device. The worker alone writes it; the gateway reads it, and marks what it took over.

    seen      a message stanza came in: synced before it is decrypted
    done      the engine's raw bytes of what it told: synced before the receipt leaves
    noticed   a notice, a receipt or a call came in: synced before it is acknowledged
    event     the same in the gateway's own words (`unlost.gateway.events`), in the same commit
    released  a receipt that had to leave without `done`: written before it leaves
    sending   the id of what we send, under the intent's key: synced before it leaves
"""

from unlost.gateway.engines.record.device_record import DeviceRecord, RecordDamaged, Seen, Told
from unlost.gateway.engines.record.noticed import Noticed, Settles
from unlost.gateway.engines.record.taking import Recorded, RecordReader

__all__ = ["DeviceRecord", "Noticed", "RecordDamaged", "RecordReader", "Recorded", "Seen", "Settles", "Told"]
