-- Edits that came while their target was a dead letter, newest first.
SELECT chat, sender, source, kind, (SELECT raw FROM body WHERE entry_id = entry.id) FROM entry
 WHERE target = :target AND kind = 'edit' AND channel = :channel AND state = 'done' AND reason = :reason
 ORDER BY ordered_at DESC, id DESC LIMIT 10;
