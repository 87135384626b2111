"""Contacts that colleagues write down themselves: telephone, visit, letter, fax."""
