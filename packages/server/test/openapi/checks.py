"""Hooks of schemathesis: what a request that is valid by the document may be refused for all the same.

A schema cannot say these; the document's description lists them.
"""

import re

import schemathesis
from schemathesis import GenerationMode

# Parameters that are written in a language of their own, or name what is stored.
LANGUAGES = re.compile(
    r"(?:^|\.)(?:filter|calls|aggregate|aggregation|formulas\.[^.]+|groupBy|orderBy|fields?|cursor|metric|key|query|compare|tags)(?:\.\d+)?$"
)
REASONS = [
    # Two parameters together.
    "must be before to",
    r"gives more than \d+ points",
    "only with",
    "not together with",
    "not with",
    "must be given",
    # The 29th of February of most years.
    "must be an ISO 8601 time",
]


@schemathesis.check
def valid_requests_are_taken(ctx, response, case):
    """A request that the document allows is refused only for what a schema cannot say."""
    meta = case.meta
    if meta is None or meta.generation.mode != GenerationMode.POSITIVE or response.status_code not in (400, 422):
        return
    body = response.json()
    if body["code"] == "QUERY_LIMIT":
        return
    for error in body.get("errors") or [{"path": "", "message": body["detail"]}]:
        if not LANGUAGES.search(error["path"]) and not any(re.search(reason, error["message"]) for reason in REASONS):
            raise AssertionError(f"valid, and refused: {error['path']}: {error['message']}")
