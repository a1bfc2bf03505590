"""What we remember: entries in lanes, links, leases. SQL, transactions and rows live here; HTTP and meaning do not.

port.py            what the rest of the program asks
sqlite_journal.py  the port over SQLite
executor.py        who runs transactions: a writer thread, or the event loop itself
turn.py            one transaction, at one time; the subject files beside it are its verbs
sqlite/*.sql       one query per file          migrations/*.sql   additive, numbered
"""
