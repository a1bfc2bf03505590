-- In which chats a message of this id was deleted for everyone.
SELECT chat FROM entry WHERE target = :target AND kind = 'revoke' AND channel = :channel LIMIT 50;
