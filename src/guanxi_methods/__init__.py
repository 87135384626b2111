"""Published methods of customer management; numpy arrays in, numpy arrays out, usable without the product."""
