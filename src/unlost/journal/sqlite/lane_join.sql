-- The lane survives and works the union.
UPDATE lane SET joined = 1, last_place = max(last_place, :last_place),
    last_told_at = CASE WHEN last_told_at IS NULL OR :last_told_at > last_told_at THEN :last_told_at ELSE last_told_at END,
    held_until = CASE WHEN held_until IS NULL OR :held_until < held_until THEN coalesce(:held_until, held_until) ELSE held_until END
 WHERE id = :id
  RETURNING id, absorbed_by, joined, last_place, last_told_at, due_at, held_until, lease_holder, lease_token, alone;
