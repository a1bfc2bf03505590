-- Whether a body holds the number.
SELECT instr(raw, :user) > 0 FROM body WHERE entry_id = :id;
