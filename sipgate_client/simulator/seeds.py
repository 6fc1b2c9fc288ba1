"""The account there always is: bodies composed after docs/reference/sipgate_rest.md sections 4, 5 and 7."""

from __future__ import annotations

from sipgate_client.records import Json

PASSWORD = "sip-password-7gQ2"
CHANNEL = "f47ac10b-58cc-4372-a567-0e02b2c3d479"


def _user(number: int, firstname: str, lastname: str, email: str, *, admin: bool = False) -> dict[str, Json]:
    return {
        "id": f"w{number}",
        "firstname": firstname,
        "lastname": lastname,
        "email": email,
        "admin": admin,
        "defaultDevice": f"e{number}",
        "busyOnBusy": False,
        "addressId": "12",
        "directDialIds": ["101"],
        "timezone": "Europe/Berlin",
    }


def _phone(number: int, alias: str, *, online: bool = True) -> dict[str, Json]:
    name = f"e{number}"
    return {
        "id": name,
        "alias": alias,
        "type": "REGISTER",
        "online": online,
        "dnd": False,
        "owner": f"w{number}",
        "credentials": {"username": f"1234567{name}", "password": PASSWORD, "sipServer": "sipgate.de"},
        "registered": [{"userAgent": "Desk phone 1.0", "ip": "192.0.2.10", "port": "5060"}],
        "emergencyAddressId": "12",
        "activePhonelines": [{"id": f"p{number}", "alias": alias}],
        "activeGroups": [],
    }


def _number(number: str, endpoint: str, alias: str) -> dict[str, Json]:
    return {
        "id": number[-4:],
        "number": number,
        "localized": number,
        "type": "LANDLINE",
        "endpointId": endpoint,
        "endpointAlias": alias,
        "endpointUrl": "",
    }


USERS = [
    _user(0, "Nina", "Braun", "nina@example.com", admin=True),
    _user(1, "Tom", "Weiss", "tom@example.com"),
]
DEVICES = {
    "w0": [
        _phone(0, "Nina desk"),
        {"id": "y0", "alias": "Nina mobile", "type": "MOBILE", "online": False, "dnd": False, "simState": "ACTIVE"},
    ],
    "w1": [_phone(1, "Tom desk")],
}
PHONE_LINES = {"w0": [{"id": "p0", "alias": "Nina"}], "w1": [{"id": "p1", "alias": "Tom"}]}
GROUPS: list[dict[str, Json]] = [{"id": "g0", "alias": "Support", "groupNumbersUrl": "", "groupUsersUrl": ""}]
NUMBERS = [
    _number("+493023125000", "g0", "Support"),
    _number("+493023125011", "p0", "Nina"),
    _number("+493023125012", "", ""),
]
CHANNELS: list[dict[str, Json]] = [
    {
        "id": CHANNEL,
        "name": "Support",
        "owner": "w0",
        "createdAt": "2026-01-10T09:00:00Z",
        "locale": "de_DE",
        "users": [{"id": "w0", "deviceIds": ["e0"]}, {"id": "w1", "deviceIds": ["e1"]}],
        "settings": {"ringingOrder": {"type": "PARALLEL", "users": ["w0", "w1"]}},
    }
]
HOOK_SETTINGS: dict[str, Json] = {
    "incomingUrl": "",
    "outgoingUrl": "",
    "log": True,
    "whitelist": ["p0", "p1", "g0"],
    "pushApiVersion": 1,
}
_ENTRY: dict[str, Json] = {
    "source": "+491713920010",
    "target": "+493023125000",
    "sourceAlias": "",
    "targetAlias": "Support",
    "created": "2026-09-28T07:40:00Z",
    "lastModified": "2026-09-28T07:43:25Z",
    "direction": "INCOMING",
    "incoming": True,
    "status": "PICKUP",
    "connectionIds": ["g0"],
    "read": True,
    "archived": False,
    "note": None,
    "starred": False,
    "labels": [],
}
CALL: dict[str, Json] = {
    **_ENTRY,
    "type": "CALL",
    "endpoints": [
        {"type": "ROUTED", "endpoint": {"extension": "g0", "type": "GROUP"}},
        {"type": "PICKUP", "endpoint": {"extension": "e0", "type": "REGISTER"}},
    ],
    "callId": "A1B2C3D4E5F60718",
    "recordings": [],
    "duration": 192,
    "callStatus": "SUCCESS",
}
VOICEMAIL: dict[str, Json] = {
    **_ENTRY,
    "type": "VOICEMAIL",
    "transcription": "",
    "recordingUrl": "",
    "duration": 18,
    "read": False,
    "endpoints": [{"type": "PICKUP", "endpoint": {"extension": "v0", "type": "VOICEMAIL"}}],
}
