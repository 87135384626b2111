"""Pages and endpoints that belong to no module: home, palette, preferences, undo, panels, fields."""
