-- Whether we deleted it ourselves.
SELECT EXISTS (SELECT 1 FROM own_delete WHERE channel = :channel AND message = :message);
