"""The front desk under load: colleagues and visitors at once, mails in bulk, lists over years of conversations."""
