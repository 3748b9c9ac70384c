"""党的声音传万家: articles and short broadcasts of the town."""
