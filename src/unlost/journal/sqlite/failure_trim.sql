-- The first and the last stay; what stands between them goes.
DELETE FROM failure WHERE rowid IN (SELECT rowid FROM failure WHERE entry_id = :entry ORDER BY rowid
  LIMIT max(0, (SELECT count(*) FROM failure WHERE entry_id = :entry) - 2 * :kept) OFFSET :kept);
