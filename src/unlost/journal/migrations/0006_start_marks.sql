-- oldest program: 0.1.0
-- In which run of the machine a start mark was made, and the sum of the steps of the wall clock since (below 0: it was set back).
ALTER TABLE channel ADD COLUMN marked_boot TEXT;
ALTER TABLE channel ADD COLUMN mark_steps_s REAL NOT NULL DEFAULT 0;
