"""The WhatsApp Web gateway: a program of its own that speaks the part of GOWA's REST and webhooks a bridge uses.

    population (who wrote what; WhatsApp's offline queue; chat storage)  →  intake  →  webhooks, in one of two tempers
                                                                         ↘  REST   ⇄  engine (the `simulated` one), one for each device

The bridge reaches it over HTTP alone, as it reaches GOWA, and it imports no room of the bridge. What customers sent is
a file that other processes may write while the gateway is dead; it is written before anything is told, so it can be
held against what the helpdesk shows. What is sent stands with its key and its WhatsApp id on disk before an engine is
asked (`sends`); look-ups are paced and remembered (`look_ups`); an engine is a port of plain values (`engines`). Every
fault is asked for by name or drawn from a seed, never from the clock.
"""
