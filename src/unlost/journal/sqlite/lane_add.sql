-- A lane without anything in it.
INSERT INTO lane (channel, direction, address) VALUES (:channel, :direction, :address)
  RETURNING id, absorbed_by, joined, last_place, last_told_at, due_at, held_until, lease_holder, lease_token, alone;
