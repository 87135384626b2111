"""Tasks with reminders, notifications, mentions, following, and the calendar feed."""
