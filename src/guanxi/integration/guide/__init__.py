"""The description of the API for people: pages made from the same document that programs read."""
