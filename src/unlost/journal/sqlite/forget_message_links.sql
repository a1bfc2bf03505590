-- Links of the person's messages and of messages in the person's chat.
DELETE FROM message_link WHERE channel = :channel AND (chat = :address OR sender = :address) RETURNING 1;
