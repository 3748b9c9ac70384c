"""The core: what a citizen brings and an office owes. Kinds of cases stand above and register here."""
