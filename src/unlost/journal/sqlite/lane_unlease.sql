-- The lane is free.
UPDATE lane SET lease_holder = NULL WHERE id = :id
  RETURNING id, absorbed_by, joined, last_place, last_told_at, due_at, held_until, lease_holder, lease_token, alone;
