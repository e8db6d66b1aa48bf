"""What the portal is made of: the locked packages, their licenses, their bill of materials, what is known of them."""
