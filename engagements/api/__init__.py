"""The API on engagements: thin views over queries and actions."""
