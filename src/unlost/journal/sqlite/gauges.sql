-- How many entries stand in each state: of the two directions as they are, of look-ups, files and chores as one background.
SELECT channel, direction IN ('look', 'chore', 'media') AS is_background, state, sum(entries) FROM gauge GROUP BY 1, 2, 3;
