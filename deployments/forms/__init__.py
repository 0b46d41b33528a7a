"""What people enter about products, facts and entities. The rules are the actions'; forms read and show."""
