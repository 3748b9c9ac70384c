"""What people say in public about something: comments, questions, seconds, flags."""
