-- And what contradicted it.
DELETE FROM contradiction WHERE channel = :channel AND (lid = :address OR phone = :address) RETURNING 1;
