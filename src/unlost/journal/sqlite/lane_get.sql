-- A lane by its id.
SELECT id, absorbed_by, joined, last_place, last_told_at, due_at, held_until, lease_holder, lease_token, alone
  FROM lane WHERE id = :id;
