"""Maps as path texts: plane, simplification, frame, names. Pure: arrays and shapes in, records out."""
