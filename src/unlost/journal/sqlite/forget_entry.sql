-- What ended, when and how stays; whose it was goes.
UPDATE entry SET chat = NULL, sender = NULL, facts = NULL WHERE id = :id;
