"""The permission matrix: every address and every API operation, tried by everybody."""
