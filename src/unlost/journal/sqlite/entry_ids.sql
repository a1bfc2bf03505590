-- The entry's own message id and the one it refers to.
SELECT whatsapp_id, target FROM entry WHERE id = :id;
