"""给本程序提意见: what people say of the program itself (国办函〔2026〕12号 asks for the entry on every page)."""
