"""Cases, their clocks, complaints, promises, moments of truth."""
