"""Reads a Mobility Portal into pandas. Begin with `Client(address)`."""

from mobility_portal_client.operations import Operations as Client
from mobility_portal_client.transport import Problem, panel_frame

__all__ = ["Client", "Problem", "panel_frame"]
