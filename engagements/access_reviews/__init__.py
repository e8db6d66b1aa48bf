"""The access review of each quarter: who has which role, confirmed or ended by a lead."""
