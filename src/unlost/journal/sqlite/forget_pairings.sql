-- The number behind a LID.
DELETE FROM pairing WHERE channel = :channel AND (lid = :address OR phone = :address) RETURNING 1;
