"""The proof's ground: a disk that can lose power, a loop whose time is virtual, processes that freeze and die.

The disk (`disk.py`; `mount.py` and `stored_file.py` are its parts; what it assumes is said there)

    disk = SimulatedDisk(now=clock.now)            # SQL's 'now' is the virtual wall clock
    journal = open_journal(vfs=disk.vfs_name)      # the real code, in WAL, with as many connections as it likes
    other = disk.attach()                          # the VFS name of one more process on the same files
    disk.kill(disk.vfs_name)                       # one process dies, kill() all: nothing is lost, locks end
    disk.crash(rng)                                # power loss: what was not synced is kept, dropped or torn
    disk.die_after(7, tell=process.kill)           # death inside a commit, before the eighth write, sync, …
    disk.full = True; disk.room_bytes = 9000; disk.read_only = True; disk.fail_next("sync"); disk.heal()
    disk.close()                                   # unregisters and forgets

    `kill` and `crash` close every connection of the dead, and the same VFS name serves the next life. After
    `die_after` has struck, one of them must follow, from outside the dead process's code. A commit that raised
    may still stand after a crash, as on a real disk.

The loop (`loop.py`, `process.py`, `clock.py`)

    async def story():
        clock = VirtualClock(asyncio.get_running_loop())
        bridge = Process("bridge")
        bridge.spawn(serve(journal, clock))        # and all that it starts belongs to the process
        await asyncio.sleep(3600)                  # takes no real time
        bridge.freeze(for_s=90)                    # SIGSTOP; thaw() or the time ends it
        bridge.kill(); disk.crash(rng)             # SIGKILL: not even finally blocks run; then the power
        return read_the_sides()                    # compare inside: the dead are buried when the story ends

    run(story(), rng=random.Random(seed))          # the seed draws which of the ready tasks goes first

    Executors run in the loop's own thread, one callback later. Sockets and threads raise `Outside`. A run that
    can't go on raises `Stuck` and says who waits where; an exception nobody caught raises `Unhandled`.

A seed replays exactly if all randomness comes from it, all times from the clock, and PYTHONHASHSEED is fixed.
SQLite's own randomness (WAL salts, random(), randomblob()) does not come from the seed.
"""
