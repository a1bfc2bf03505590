-- Something that came between two times of our clock was told later than it came, by the step.
SELECT 1 FROM entry
 WHERE id > (SELECT max(id) FROM entry) - :limit AND direction = 'in' AND arrived_at BETWEEN :since AND :until
   AND told_at - arrived_at BETWEEN :step - :margin AND :step + :margin LIMIT 1;
