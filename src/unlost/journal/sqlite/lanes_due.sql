-- The lanes of a pool with something to hand out, longest due first. The index holds no lane that has nothing to hand out.
SELECT id, absorbed_by, joined, last_place, last_told_at, due_at, held_until, lease_holder, lease_token, alone FROM lane
 WHERE channel = :channel AND direction = :direction AND alone = :alone AND due_at <= :now ORDER BY due_at LIMIT :limit;
