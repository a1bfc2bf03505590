-- Every channel's start mark, as `start_marks.Mark`.
SELECT name, start_mark, marked_boot, restored_at FROM channel;
