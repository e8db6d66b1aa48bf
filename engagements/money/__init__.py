"""The ledger's arithmetic: stages, amounts, mappings of finance tables, rules, sums. Pure."""
