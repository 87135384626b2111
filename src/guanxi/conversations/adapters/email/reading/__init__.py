"""Reading a raw mail: bytes in, facts out; no database, no clock, no network."""
