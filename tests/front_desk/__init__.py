"""What the story of the front desk needs: a company, a site of somebody else, clocks counted by hand."""
