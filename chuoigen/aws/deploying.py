"""What the calls of the AWS CLI need in IAM, where the action is not simply called as the operation is."""

from chuoigen.aws.fact import fact

_CHECKED = "2026-11-28"

PREFIXES = fact(
    {"elbv2": "elasticloadbalancing", "efs": "elasticfilesystem", "resourcegroupstaggingapi": "tag", "s3api": "s3"},
    "Service Authorization Reference: the service prefix of each page",
    _CHECKED,
)
"""The prefix of a service's actions, where the CLI calls the service otherwise."""
OTHERWISE = fact(
    {"s3api:HeadBucket": "s3:ListBucket", "sts:GetCallerIdentity": ""},
    "Amazon S3 API reference, 'HeadBucket'; AWS STS API reference, 'GetCallerIdentity': no permissions are required",
    _CHECKED,
)
"""The action of an operation that is called otherwise; empty for one that needs none."""
WAITERS = fact(
    {
        "load-balancers-deleted": "DescribeLoadBalancers",
        "role-exists": "GetRole",
        "services-inactive": "DescribeServices",
        "services-stable": "DescribeServices",
    },
    "botocore 1.44.8, waiters-2.json of elbv2, iam and ecs",
    _CHECKED,
)
"""The operation that a waiter calls."""
TAGGING = fact(
    {
        "cloudwatch:PutMetricAlarm": "cloudwatch:TagResource",
        "ec2:CreateSecurityGroup": "ec2:CreateTags",
        "ecr:CreateRepository": "ecr:TagResource",
        "ecs:CreateCluster": "ecs:TagResource",
        "ecs:CreateService": "ecs:TagResource",
        "ecs:RunTask": "ecs:TagResource",
        "ecs:RegisterTaskDefinition": "ecs:TagResource",
        "elasticloadbalancing:CreateLoadBalancer": "elasticloadbalancing:AddTags",
        "events:PutRule": "events:TagResource",
        "iam:CreateRole": "iam:TagRole",
        "logs:CreateLogGroup": "logs:TagResource",
        "scheduler:CreateScheduleGroup": "scheduler:TagResource",
        "secretsmanager:CreateSecret": "secretsmanager:TagResource",
        "servicediscovery:CreateHttpNamespace": "servicediscovery:TagResource",
        "servicediscovery:CreatePrivateDnsNamespace": "servicediscovery:TagResource",
        "servicediscovery:CreateService": "servicediscovery:TagResource",
        "sns:CreateTopic": "sns:TagResource",
        "ssm:PutParameter": "ssm:AddTagsToResource",
    },
    "Service Authorization Reference: dependent actions of what is made with tags",
    _CHECKED,
)
"""The action that making something with tags needs as well."""
PUSH = fact(
    (
        "ecr:BatchCheckLayerAvailability", "ecr:CompleteLayerUpload", "ecr:DescribeImages", "ecr:GetAuthorizationToken",
        "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart",
    ),
    "Amazon ECR documentation, 'IAM permissions for pushing an image'; describe-images is asked by push-to-ecr.sh",
    _CHECKED,
)  # fmt: skip
"""What pushing an image needs."""
_SHIFTING = "AWS Managed Policy Reference Guide, 'AmazonECSInfrastructureRolePolicyForLoadBalancers', version 6"
SHIFT_READ = fact(
    (
        "elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeRules",
        "elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth",
    ),
    _SHIFTING,
    _CHECKED,
)  # fmt: skip
"""What ECS asks of load balancers when it moves traffic: these actions know no resource."""
SHIFT_TARGETS = fact(
    ("elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"), _SHIFTING, _CHECKED
)
"""What it does to target groups."""
SHIFT_LISTENER = fact(("elasticloadbalancing:ModifyListener",), _SHIFTING, _CHECKED)
"""What it does to listeners, whose default action is no rule that ModifyRule takes."""
SHIFT_RULE = fact(("elasticloadbalancing:ModifyRule",), _SHIFTING, _CHECKED)
"""What it does to rules."""
ECS_PRINCIPAL = fact("ecs.amazonaws.com", "Amazon ECS documentation, 'Using service-linked roles'", _CHECKED)
BALANCER_PRINCIPAL = fact(
    "elasticloadbalancing.amazonaws.com", "Elastic Load Balancing documentation, 'Service-linked role'", _CHECKED
)
SCALING_PRINCIPAL = fact(
    "ecs.application-autoscaling.amazonaws.com",
    "Application Auto Scaling documentation, 'Service-linked roles'",
    _CHECKED,
)
PRIVATE_ZONE = fact(
    (
        "ec2:DescribeRegions", "ec2:DescribeVpcs", "route53:ChangeResourceRecordSets", "route53:CreateHostedZone",
        "route53:DeleteHostedZone", "route53:GetHostedZone", "route53:ListHostedZonesByName",
    ),
    "AWS Cloud Map developer guide, 'API permissions reference'; the managed policy AWSCloudMapFullAccess",
    _CHECKED,
)  # fmt: skip
"""What making, changing and deleting a private DNS namespace does with the rights of whoever asks for it."""
