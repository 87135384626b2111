"""Moments of truth: five steps by which a customer remembers us, asked of every case, filled in as far as it shows by itself."""
