-- Where the lane stands now.
UPDATE lane SET last_place = :last_place, last_told_at = :last_told_at, due_at = :due_at, held_until = :held_until, alone = :alone
 WHERE id = :id;
