"""Taking mails in, and noting how far each mailbox was read."""
