"""Finding customers that are on record more than once, saying why, and remembering what people decided."""
