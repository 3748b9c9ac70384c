"""The administration floor: dictionaries on screen, sheets of every kind, the log, the state of the system."""
