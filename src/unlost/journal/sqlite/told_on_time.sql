-- Something that came behind an entry, between two times of our clock, came when it was told; not out of storage, which tells what is
-- old, too.
SELECT 1 FROM entry
 WHERE id > max(:after, (SELECT max(id) FROM entry) - :limit) AND direction = 'in' AND source <> 'storage'
   AND arrived_at BETWEEN :since AND :until AND told_at - arrived_at BETWEEN -:margin AND :margin LIMIT 1;
