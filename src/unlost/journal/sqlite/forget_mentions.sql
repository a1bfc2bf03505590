-- Whether a body holds these words.
SELECT instr(raw, :words) > 0 FROM body WHERE entry_id = :id;
