"""The webhook channel: any other channel (SMS, WeChat, WeCom ...) joined by a small program of one's own, signed both ways."""
