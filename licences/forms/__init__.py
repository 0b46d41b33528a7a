"""What people enter about licences, and ask of them. The rules are the actions'; forms read and show."""
