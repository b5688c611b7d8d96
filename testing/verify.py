"""For tests: mails read by Python's email library and verified by dkimpy, which share nothing with what wrote them.

Reads one JSON object on standard input, {"records": {name: TXT}, "mails": [base64]}, and answers one list: for each
mail whether each of its signatures is good, its header fields as read, and its parts.
"""

import base64
import email
import email.policy
import json
import sys

import dkim

asked = json.load(sys.stdin)


def find(name, timeout=5):
    key = name.decode() if isinstance(name, bytes) else name
    record = asked["records"].get(key.rstrip("."))
    return record.encode() if record is not None else None


def verified(raw):
    good = []
    for index in range(raw.lower().count(b"dkim-signature:")):
        try:
            good.append(bool(dkim.DKIM(raw).verify(idx=index, dnsfunc=find)))
        except dkim.DKIMException:
            good.append(False)
    return good


def part(one):
    try:
        return [one.get_content_type(), one.get_content()]
    except KeyError:
        return [one.get_content_type(), ""]


def read(encoded):
    raw = base64.b64decode(encoded)
    message = email.message_from_bytes(raw, policy=email.policy.default)
    return {
        "good": verified(raw),
        "fields": [[name, str(value)] for name, value in message.items()],
        "defects": [repr(defect) for defect in message.defects],
        "parts": [part(one) for one in message.walk() if not one.is_multipart()],
    }


json.dump([read(one) for one in asked["mails"]], sys.stdout)
