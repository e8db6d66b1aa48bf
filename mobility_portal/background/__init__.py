"""Which queue each task of the worker goes through, how long it may take, and which processes take from which queue."""
