"""问题回音壁: approved, redacted outcomes and the questions people ask about them."""
