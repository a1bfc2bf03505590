"""What the helpdesk told. This version only receives: nothing from here goes to WhatsApp, and the agents are told so."""
