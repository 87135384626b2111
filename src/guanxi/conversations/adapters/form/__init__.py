"""The web form: put on any page with one line, without a login, guarded against robots by ourselves."""
