"""Personal data of customers: consent, packs, erasure, retention, holds, requests, the access log."""
