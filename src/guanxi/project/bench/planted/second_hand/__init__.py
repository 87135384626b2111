"""A second planted set, written without a look at how duplicates are searched: other people, other slips, other lookalikes."""
