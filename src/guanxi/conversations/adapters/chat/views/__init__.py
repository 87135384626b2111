"""What browsers of visitors ask, and the settings of a chat."""
