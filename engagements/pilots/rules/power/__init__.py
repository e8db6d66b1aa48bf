"""What a registered test can detect, before there are data: formulas, tables, simulation where none holds. Pure."""
