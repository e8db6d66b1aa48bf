"""Who somebody is: single sign-on servers, what is believed of them, sessions, and what the security log learns."""
