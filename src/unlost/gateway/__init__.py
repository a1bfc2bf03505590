"""The WhatsApp Web gateway: a program of its own that speaks the part of GOWA's REST and webhooks a bridge uses.

    population (who wrote what; WhatsApp's offline queue; chat storage)  →  intake  →  webhooks, in one of two tempers
                                                                         ↘  REST   ←  engine (the `simulated` one)

The bridge reaches it over HTTP alone, as it reaches GOWA, and it imports no room of the bridge. What customers sent is
a file that other processes may write while the gateway is dead; it is written before anything is told, so it can be
held against what the helpdesk shows. Every fault is asked for by name or drawn from a seed, never from the clock.
"""
