"""What the desk shows and offers: views, rows, threads, and the registries by which higher floors add to them."""
