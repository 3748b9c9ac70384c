"""Opinion polls whose ballots nobody can join to a voter."""
