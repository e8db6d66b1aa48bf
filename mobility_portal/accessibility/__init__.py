"""How far the portal meets WCAG 2.2 and Section 508: declared once, with the tests that show it."""
