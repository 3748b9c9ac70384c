"""信访直通车: petitions on the common engine, behind walls of their own (ADR 0012)."""
