-- All channels.
SELECT name FROM channel ORDER BY name;
