"""Web chat: a widget on any site, live in both directions; what is not seen goes on by e-mail."""
