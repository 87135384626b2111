"""The machine behind every import: stage the file, write it in chunks, put it in force in one step; and take it back."""
