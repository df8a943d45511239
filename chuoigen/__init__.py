"""Compile one service spec into everything a service on AWS Fargate needs."""
