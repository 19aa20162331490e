"""What every request passes: context, rights, limits, security, errors."""
