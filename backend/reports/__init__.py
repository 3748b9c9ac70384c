"""随手拍: a resident's photo report, one kind of case."""
