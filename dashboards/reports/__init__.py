"""Reports of portfolios and plans: asked for on a page, made in the worker, kept and served with permission."""
