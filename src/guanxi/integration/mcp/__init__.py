"""The API as tools for assistants (Model Context Protocol): the same operations, services, rights and limits."""
