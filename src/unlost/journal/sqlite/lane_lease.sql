-- Grant the lane: the one row that makes work on it exclusive.
UPDATE lane SET lease_holder = :holder, lease_token = lease_token + 1, due_at = NULL
 WHERE id = :id AND lease_holder IS NULL AND absorbed_by IS NULL RETURNING lease_token;
