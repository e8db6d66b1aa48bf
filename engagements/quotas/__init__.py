"""What an engagement may use of the portal, shown and held. The counting is in engagements/base/quotas.py."""
