-- Links of the person's messages and of messages in the person's chat, except those that something which still waits needs.
DELETE FROM message_link WHERE channel = :channel AND (chat = :address OR sender = :address)
   AND whatsapp_id NOT IN (SELECT value FROM json_each(:spared)) RETURNING 1;
