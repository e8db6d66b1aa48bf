"""What tables brought: imports so far, undoing one, and the ways of reading that were saved."""
