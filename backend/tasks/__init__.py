"""Child tasks 子任务: one matter, several units at once, while the citizen sees one line (PET-06)."""
