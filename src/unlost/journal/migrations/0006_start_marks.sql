-- oldest program: 0.1.0
-- In which run of the machine a start mark was made.
ALTER TABLE channel ADD COLUMN marked_boot TEXT;
