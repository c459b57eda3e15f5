"""The tenants: schools, their teams and roles."""
