"""Event to audience to template: inbox, subscribe messages, official-account messages."""
