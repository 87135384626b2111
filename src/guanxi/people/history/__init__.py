"""The whole history: what is asked of it, how it is read and told."""
