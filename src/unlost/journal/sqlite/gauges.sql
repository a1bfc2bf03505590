-- How many entries stand in each state.
SELECT channel, state, entries FROM gauge;
