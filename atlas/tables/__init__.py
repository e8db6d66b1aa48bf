"""Tables that leave the portal: declared once, filled as a DataFrame, written in any format. Pure: no Django."""
