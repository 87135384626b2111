"""The pack about one person: everything held, readable and as data, in one file."""
