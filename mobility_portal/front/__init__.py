"""The front of the portal: requests arrive whole before a thread is taken, answers leave without one."""
