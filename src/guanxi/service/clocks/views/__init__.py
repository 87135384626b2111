"""Pages of clocks and service levels."""
