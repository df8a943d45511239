"""What the parts of an IAM policy look like, and what its actions and resources mean where people often err."""

from chuoigen.aws.fact import fact

_CHECKED = "2026-11-28"

ACTION = fact(
    r"[a-z][a-z0-9-]*:[A-Za-z0-9*?]+",
    "AWS documentation, 'IAM JSON policy elements: Action'; Service Authorization Reference",
    _CHECKED,
)
"""An action: the service's prefix and a name, in which * and ? stand for others."""
WRONG_PREFIXES = fact(
    {
        "apigatewayv2": "apigateway",
        "cloudwatch-logs": "logs",
        "cognito-identity-provider": "cognito-idp",
        "configservice": "config",
        "dynamodbstreams": "dynamodb",
        "efs": "elasticfilesystem",
        "elb": "elasticloadbalancing",
        "elbv2": "elasticloadbalancing",
        "emr": "elasticmapreduce",
        "eventbridge": "events",
        "opensearch": "es",
        "s3api": "s3",
        "sesv2": "ses",
        "stepfunctions": "states",
    },
    "Service Authorization Reference: the service prefix of each page; the names on the left are the AWS CLI's or its "
    "products'",
    _CHECKED,
)
"""Names of services that are no prefixes of IAM, with the prefix that is meant."""
OPERATORS = fact(
    (
        "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike",
        "StringNotLike", "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals",
        "NumericGreaterThan", "NumericGreaterThanEquals", "DateEquals", "DateNotEquals", "DateLessThan",
        "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals", "Bool", "BinaryEquals", "IpAddress",
        "NotIpAddress", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Null",
    ),
    "AWS documentation, 'IAM JSON policy elements: Condition operators'",
    _CHECKED,
)  # fmt: skip
"""Condition operators; all but Null take IfExists behind them, all take ForAllValues: or ForAnyValue: in front."""
SETS = fact(
    ("ForAllValues:", "ForAnyValue:"),
    "AWS documentation, 'Set operators for multivalued context keys'",
    _CHECKED,
)
CONDITION_KEY = fact(
    r"[A-Za-z][A-Za-z0-9-]*:[A-Za-z0-9_.:/@ +=-]+(\$\{[^}]*\})?",
    "AWS documentation, 'IAM JSON policy elements: Condition': prefix, colon, name; tag keys behind a slash",
    _CHECKED,
)
WITHOUT_RESOURCE = fact(
    (
        "cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics", "cloudwatch:ListMetrics",
        "cloudwatch:PutMetricData", "ecr:GetAuthorizationToken", "s3:ListAllMyBuckets", "sts:GetCallerIdentity",
        "sts:GetSessionToken", "textract:AnalyzeDocument", "textract:DetectDocumentText", "translate:TranslateText",
        "xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments",
    ),
    "Service Authorization Reference: actions whose column of resource types is empty",
    _CHECKED,
)  # fmt: skip
"""Actions that take no resource but `*`; those that begin with Describe or List mostly take none either."""
OF_BUCKETS = fact(
    (
        "s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads",
        "s3:GetBucketVersioning",
    ),
    "Service Authorization Reference, 'Actions, resources, and condition keys for Amazon S3': resource type bucket",
    _CHECKED,
)  # fmt: skip
OF_OBJECTS = fact(
    (
        "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectVersion", "s3:DeleteObjectVersion",
        "s3:GetObjectTagging", "s3:PutObjectTagging", "s3:GetObjectAttributes", "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts", "s3:PutObjectAcl", "s3:GetObjectAcl", "s3:RestoreObject",
    ),
    "Service Authorization Reference, 'Actions, resources, and condition keys for Amazon S3': resource type object",
    _CHECKED,
)  # fmt: skip
INLINE_POLICIES_MAX = fact(
    10_240,
    "AWS documentation, 'IAM and AWS STS quotas': all inline policies of a role together, white space not counted",
    _CHECKED,
)
"""Characters of a role's inline policies."""
MANAGED_POLICIES_MAX = fact(
    10,
    "AWS documentation, 'IAM and AWS STS quotas': managed policies attached to a role, up to 25 on request",
    _CHECKED,
)
ROLE_PATH = fact(
    r"/(?:[A-Za-z0-9_+=,.@/-]{1,510}/)?",
    "AWS documentation, 'IAM and AWS STS quotas', names and paths; botocore 1.44, iam, pathType",
    _CHECKED,
)
