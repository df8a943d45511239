"""Templates of CloudFormation: people's own, those of SAM, and what CDK and Copilot generate."""
