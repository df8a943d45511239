# Jobs.
