-- The entry's own message id, the one it refers to, and whether it comes late.
SELECT whatsapp_id, target, late FROM entry WHERE id = :id;
