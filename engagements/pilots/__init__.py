"""Pilots: what is registered before data, drawn, analyzed by the registered method and told in one verdict."""
