"""What the portal keeps in Redis: JSON, or bytes whose form is declared where they are written. Never a pickle."""
