"""What WhatsApp told, and what it still needs before it stands in the helpdesk."""
