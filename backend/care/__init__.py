"""我需要帮助: visits that a person asked for, and care visits that a household agreed to (§8.1-6)."""
