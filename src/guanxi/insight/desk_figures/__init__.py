"""Figures of service: how soon customers are answered and helped, how much waits, how often once is enough."""
