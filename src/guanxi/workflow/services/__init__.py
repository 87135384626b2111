"""Writing rules and approvals; every act is an operation in the journal."""
