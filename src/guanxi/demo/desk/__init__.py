"""The demo company's front desk: months of talk, cases, complaints and promises, told through the services."""
