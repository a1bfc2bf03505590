"""The words of the program: values only. No room, no clock, no JSON, no SQL is known here."""
