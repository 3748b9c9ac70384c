"""Who wants to hear of what is published, at once or as a digest."""
