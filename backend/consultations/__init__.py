"""有事好商量: a topic from proposal to look-back."""
