"""Registration, power, drawing, estimators and verdict of pilots. Pure: arrays and frozen records, no Django."""
