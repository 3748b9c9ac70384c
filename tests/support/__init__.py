"""What tests of several groups share."""
