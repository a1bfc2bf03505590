"""A small WhatsApp for tests: what a linked device meets, on loopback, and nothing else.

    worker process ── CONNECT ──> proxy ── TLS ──> hosts (web socket, media, pictures)
                                                       │
                          connection: Noise, frames, stanzas in and out, all recorded
                                                       │
            account (the linked device)   peers and groups (Signal identities of their own)

It listens on 127.0.0.1 and names no other address; whatever host the client asks the proxy for, it gets this
server or nothing. Start with `server.FakeWhatsApp`. What it can never show: WhatsApp's own rules (bans, throttles,
newly required fields).
"""
