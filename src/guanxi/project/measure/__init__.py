"""`guanxi measure METHOD`: the published methods on a file or on plain figures, without a database."""
