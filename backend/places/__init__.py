"""County → town → area → village → grid → micro-grid: the tree, its boundaries and locate(point)."""
