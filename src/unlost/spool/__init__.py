"""Files on their way from the gateway to the helpdesk: kept beside the journal, looked at, named. Knows neither side.

Nothing here is remembered: which file belongs to which message, and that it is whole, is a fact in the journal, committed after the
file itself is on the disk. A file without such a fact is swept; a fact without its file has it fetched again.
"""

from unlost.spool.folder import NOBODY, Shelf, Spool, SpoolFull, Spooling
from unlost.spool.looking import Looked, can_be_shown, look_at

__all__ = ["NOBODY", "Looked", "Shelf", "Spool", "SpoolFull", "Spooling", "can_be_shown", "look_at"]
