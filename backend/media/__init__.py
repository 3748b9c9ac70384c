"""Photos: upload tickets, checks by bytes, re-encoding in a child process, thumbnails, attaching."""
