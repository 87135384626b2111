"""Signing in: throttles, history, sessions, second factors, providers."""
