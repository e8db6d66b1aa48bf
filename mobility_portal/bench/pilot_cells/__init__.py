"""Simulations of each design as it is offered: how often it errs without an effect, covers, and finds a real one."""
