"""The draw: which unit gets which arm, in a way that anybody can do again. Pure."""
