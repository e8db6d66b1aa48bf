"""Every write: keyword-only, `by=` and `now=`, atomic, checked, with history, activity and notifications."""
