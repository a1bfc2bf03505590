-- The intent as it is looked for from now on.
UPDATE entry SET facts = :facts WHERE id = :id AND begun = 1;
