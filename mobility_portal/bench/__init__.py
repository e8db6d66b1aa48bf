"""What `make bench` measures: ratios and medians in one run, on a scratch database that goes away."""
