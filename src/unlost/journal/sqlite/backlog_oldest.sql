-- Each channel's oldest entry that waits or is worked, background work aside: one look into the index of the backlog.
SELECT name, (SELECT min(arrived_at) FROM entry WHERE entry.channel = channel.name AND state IN ('waiting', 'leased')
    AND direction IN ('in', 'out'))
  FROM channel;
