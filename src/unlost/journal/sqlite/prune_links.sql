-- Links nobody wrote or confirmed for very long.
DELETE FROM message_link WHERE (channel, whatsapp_id, chat, sender, part) IN (
  SELECT old.channel, old.whatsapp_id, old.chat, old.sender, old.part FROM channel CROSS JOIN message_link AS old
    ON old.channel = channel.name AND old.written_at < :before LIMIT :limit) RETURNING 1;
