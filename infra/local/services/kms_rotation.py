"""KMS's rotation of a key on demand: new material for what is encrypted from now on, the earlier for what was.

moto writes down that a key was rotated, and goes on with the same material. No key is rotated by the clock. Sources:
https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html and the API reference's RotateKeyOnDemand and
ListKeyRotations, read 2026-11-24; one rotation is over before the call is answered.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from moto.core.exceptions import JsonRESTError
from moto.core.utils import unix_time
from moto.kms import models, utils
from moto.kms.exceptions import InvalidCiphertextException
from moto.kms.responses import KmsResponse

from infra.local.keys import known
from infra.local.mend import replace, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

ON_DEMAND_AT_MOST = 25
PAGE = 100
EARLIER = "sallyport_earlier_material"


def extend() -> None:
    """Rotate for real, and tell every rotation with its material."""
    replace(KmsResponse, rotate_key_on_demand=_rotate, list_key_rotations=_list)
    wrap(models.Key, to_dict=_to_dict)
    models.decrypt = _decrypt  # type: ignore[attr-defined]  # imported there, looked up there


def _rotate(response: Any) -> str:
    key = _named(response)
    if key.key_spec != "SYMMETRIC_DEFAULT" or key.origin != "AWS_KMS":
        raise JsonRESTError(
            "UnsupportedOperationException", f"{key.arn} cannot be rotated: it is {key.key_spec} of origin {key.origin}"
        )
    if len(key.rotations) >= ON_DEMAND_AT_MOST:
        raise JsonRESTError(
            "LimitExceededException", f"{key.arn} has been rotated on demand {ON_DEMAND_AT_MOST} times."
        )
    setattr(key, EARLIER, (*getattr(key, EARLIER, ()), key.key_material))
    key.key_material = utils.generate_master_key()
    key.rotations.append({"RotationDate": unix_time(), "RotationType": "ON_DEMAND"})
    return json.dumps({"KeyId": key.id})


def _list(response: Any) -> str:
    key = _named(response)
    if key.key_spec != "SYMMETRIC_DEFAULT":
        raise JsonRESTError("UnsupportedOperationException", f"{key.arn} is {key.key_spec}, which is never rotated.")
    first = response._get_param("IncludeKeyMaterial") != "ALL_KEY_MATERIAL"
    materials = list(_materials(key))[first:]
    marker, limit = response._get_param("Marker") or "0", response._get_param("Limit") or PAGE
    if not marker.isdecimal():
        raise JsonRESTError("InvalidMarkerException", "The marker that specifies where to begin is not valid.")
    end = int(marker) + limit
    more = {"NextMarker": str(end)} if end < len(materials) else {}
    return json.dumps({"Rotations": materials[int(marker) : end], "Truncated": bool(more), **more})


def _materials(key: Any) -> Iterator[dict[str, Any]]:
    """Every material of the key, the first and then one for each rotation."""
    for number, rotation in enumerate([{}, *key.rotations]):
        state = "CURRENT" if number == len(key.rotations) else "NON_CURRENT"
        yield {"KeyId": key.id, "KeyMaterialId": _material_id(key, number), "KeyMaterialState": state, **rotation}


def _material_id(key: Any, number: int) -> str:
    return hashlib.sha256(f"{key.id}/{number}".encode()).hexdigest()


def _to_dict(key: Any, motos: Any) -> dict[str, Any]:
    told: dict[str, Any] = motos(key)
    if key.key_spec == "SYMMETRIC_DEFAULT":
        told["KeyMetadata"]["CurrentKeyMaterialId"] = _material_id(key, len(key.rotations))
    return told


def _decrypt(master_keys: dict[str, Any], ciphertext_blob: bytes, encryption_context: dict[str, str]) -> Any:
    """By the current material, or else by the one that was current when this was encrypted."""
    try:
        return utils.decrypt(master_keys, ciphertext_blob, encryption_context)
    except InvalidCiphertextException:
        for key in list(master_keys.values()):
            for material in getattr(key, EARLIER, ()):
                with suppress(InvalidCiphertextException):
                    one = {key.id: SimpleNamespace(key_material=material)}
                    return utils.decrypt(one, ciphertext_blob, encryption_context)
        raise


def _named(response: Any) -> Any:
    key_id = response._get_param("KeyId")
    response._validate_cmk_id(key_id)
    return known(response.kms_backend, key_id)
