"""Terraform's resources of Amazon ECS: task definitions and services in files of HCL."""
