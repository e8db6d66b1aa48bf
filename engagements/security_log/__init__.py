"""The security log: what was done with accounts, rights and files. Added to, never changed, and chained."""
