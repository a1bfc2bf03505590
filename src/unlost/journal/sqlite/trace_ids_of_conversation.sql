-- Messages that stand in a conversation, newest first.
SELECT DISTINCT whatsapp_id FROM (SELECT whatsapp_id, message FROM message_link
  WHERE channel IN (SELECT name FROM channel) AND conversation = :conversation ORDER BY message DESC LIMIT :limit);
