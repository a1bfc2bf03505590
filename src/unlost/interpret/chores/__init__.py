"""Background work in the helpdesk: sweeps of late copies, rescues of wrong marks, notes about dead letters."""
