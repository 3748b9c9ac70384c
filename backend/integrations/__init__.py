"""What stands outside the house: a protocol, the real one, and the place for a stand-in. Imports the kernel only."""
