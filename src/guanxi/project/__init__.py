"""Project: settings, urls, server and command line; composes everything and decides nothing."""
