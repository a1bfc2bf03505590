"""Questions to the gateway, later and on their own lanes: no message waits for an answer, and none is ever needed."""
