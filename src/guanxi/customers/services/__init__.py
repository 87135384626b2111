"""Writing the customer archive: every act through the journal, with its permission, in one transaction."""
