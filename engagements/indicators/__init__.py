"""What an indicator says: rules of its values, how far it came, whether it is due, what may be added. Pure."""
