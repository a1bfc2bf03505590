-- To the end of another lane; what was late stays so.
UPDATE entry SET lane_id = :lane_id, direction = :direction, place = :place, behind = 0, due_at = :now, late = max(late, :late),
    hold_until = NULL WHERE id = :id;
