"""The operator's API: what stands in the journal, and the verbs a person may use. No rules, no wire shapes, no SQL."""
