"""The city map as SVG written on the server, with its legend and its tract card. Pure: records in, text out."""
