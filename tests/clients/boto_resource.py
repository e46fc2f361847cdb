"""boto3's resource interface to the first router."""

import boto3
import endpoint
from client_case import check_response


def make_resource():
    current = endpoint.current
    resource = boto3.session.Session().resource(
        "dynamodb", endpoint_url=current.urls[0], region_name=current.region,
        aws_access_key_id=current.access_key_id, aws_secret_access_key=current.secret,
        verify=current.certificates or True)
    resource.meta.client.meta.events.register("after-call.dynamodb", check_response)
    return resource
