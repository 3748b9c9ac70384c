"""What must not be lost: enqueue, leased claim, retry ladder, dead letters, timers."""
