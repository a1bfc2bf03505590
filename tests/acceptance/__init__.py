"""Stories in an operator's words: real processes, real HTTP, a real database, and only what they show to the outside."""
