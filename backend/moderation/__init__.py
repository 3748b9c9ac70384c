"""What people post is looked at before it may ever be shown in public: by the platform's check, or by a person.

A matter never waits for it: the office sees everything at once. What the check finds decides whether the content
may stand on a public page, and puts a flag on the case when it looks bad.
"""
