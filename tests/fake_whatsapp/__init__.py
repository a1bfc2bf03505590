"""A small WhatsApp for tests: what a linked device meets, on loopback, and nothing else.

    worker process ── CONNECT ──> proxy ── TLS ──> hosts (web socket, media, pictures)
                                                       │
                          connection: Noise, frames, stanzas in and out, all recorded
                                                       │
            clients: pairing, login, backlog      answering: queries, by xmlns and type
                                                       │
            account (the linked device)   people: peers and groups, with Signal identities of their own

    async with FakeWhatsApp(folder) as server:          # server.py; what can be pushed: pushing.py; bad days: troubles.py
        account = await server.pair(qr, "628111222333")
        id = await server.push_text(Peer("628999888777@s.whatsapp.net"), account, "hello")
        await server.acknowledged(id, within_s=10)      # server.record has every stanza, with its time
        server.read                                     # what the device sent, decrypted by its receivers
        server.offline[account]                         # what it was given and has not acknowledged

A process whose engine should know this WhatsApp is started through `patched`. It listens on 127.0.0.1 and names no
other address; whatever host the client asks the proxy for, it gets this server or nothing.

Not there: app state (archive, pin, labels), newsletters, calls, a second linked device of one user. What it can never
show: WhatsApp's own rules (bans, throttles, newly required fields).
"""
