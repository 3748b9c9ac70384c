"""Village finance sheets 收支公开表 as data: lines, checks, import, print (§4.3)."""
