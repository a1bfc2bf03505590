-- To the end of another lane.
UPDATE entry SET lane_id = :lane_id, direction = :direction, place = :place, behind = 0, due_at = :now, late = :late,
    hold_until = NULL WHERE id = :id;
