"""Everybody who writes to one device, and all that outlives a gateway: the truth that a ledger is held against.

One SQLite file with four things in it: people; what they sent (written first); WhatsApp's offline queue, which keeps an
event until a gateway has accepted it; and the gateway's chat storage. Any process may write while the gateway is dead.
A commit is on the disk before the call returns, so nothing told here is forgotten by a `kill -9`.
"""

from unlost.gateway.population.fate import Fate, Twin
from unlost.gateway.population.people import Avatar, Customer, Group, People
from unlost.gateway.population.population import Population
from unlost.gateway.population.truth import Sent

__all__ = ["Avatar", "Customer", "Fate", "Group", "People", "Population", "Sent", "Twin"]
