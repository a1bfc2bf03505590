-- Which dead letters match, newest first.
SELECT id FROM entry WHERE state = 'dead'
   AND settled_at >= coalesce(:since, settled_at) AND channel = coalesce(:channel, channel)
   AND reason = coalesce(:reason, reason) ORDER BY settled_at DESC, id DESC LIMIT :limit;
