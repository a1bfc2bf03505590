"""The demo with the real protocol engine: `make demo-real-engine`, or `python -m tests.demo_real_engine`.

    this process: a fake WhatsApp on loopback, and the customers who write through it
      └── unlost gateway (its engine in a worker of its own) ── unlost serve ── unlost desk: a process each

It is the demo of `unlost.cli.demo`, its ledger, its helpdesk and its bridge, but for what stands before them: `world.py` is the set-up,
`customers.py` who writes, `day.py` what dies. It lives with the tests since the engine's root key is patched, in memory, so that it
knows only the fake (`tests.fake_whatsapp.patched`).
"""
