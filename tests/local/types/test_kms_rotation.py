"""A key that is rotated on demand: new material, told by ListKeyRotations, and what was encrypted stays readable."""

from __future__ import annotations

from typing import Any

Refuses = Any


def materials(kms: Any, key: str, **asked: Any) -> list[dict[str, Any]]:
    return list(kms.list_key_rotations(KeyId=key, **asked)["Rotations"])


def test_it_has_new_material_and_reads_what_the_earlier_encrypted(world: Any, refused: Refuses) -> None:
    kms = world.client("kms")
    (first,) = materials(kms, world.key, IncludeKeyMaterial="ALL_KEY_MATERIAL")
    assert "RotationDate" not in first
    assert materials(kms, world.key) == []
    ciphers = [kms.encrypt(KeyId=world.key, Plaintext=b"0", EncryptionContext={"of": "0"})["CiphertextBlob"]]
    schedule = kms.get_key_rotation_status(KeyId=world.key)
    for text in (b"1", b"2"):
        kms.rotate_key_on_demand(KeyId=world.key)
        sealed = kms.encrypt(KeyId=world.key, Plaintext=text, EncryptionContext={"of": text.decode()})
        ciphers.append(sealed["CiphertextBlob"])
    for number, cipher in enumerate(ciphers):
        read = kms.decrypt(CiphertextBlob=cipher, EncryptionContext={"of": str(number)})
        assert read["Plaintext"] == str(number).encode()
        with refused("InvalidCiphertextException"):
            kms.decrypt(CiphertextBlob=cipher, EncryptionContext={"of": "another"})
    rotated = materials(kms, world.key)
    assert [(each["RotationType"], each["KeyMaterialState"]) for each in rotated] == [
        ("ON_DEMAND", "NON_CURRENT"),
        ("ON_DEMAND", "CURRENT"),
    ]
    assert len({first["KeyMaterialId"], *(each["KeyMaterialId"] for each in rotated)}) == 3
    described = kms.describe_key(KeyId=world.key)["KeyMetadata"]
    assert described["CurrentKeyMaterialId"] == rotated[-1]["KeyMaterialId"]
    after = kms.get_key_rotation_status(KeyId=world.key)
    assert {**after, "ResponseMetadata": None} == {**schedule, "ResponseMetadata": None}


def test_rotations_come_in_pages(world: Any, refused: Refuses) -> None:
    kms = world.client("kms")
    for _ in range(3):
        kms.rotate_key_on_demand(KeyId=world.key)
    page = kms.list_key_rotations(KeyId=world.key, Limit=2)
    assert (len(page["Rotations"]), page["Truncated"]) == (2, True)
    rest = kms.list_key_rotations(KeyId=world.key, Limit=2, Marker=page["NextMarker"])
    assert (len(rest["Rotations"]), rest["Truncated"]) == (1, False)
    assert page["Rotations"] + rest["Rotations"] == materials(kms, world.key)
    with refused("InvalidMarkerException"):
        kms.list_key_rotations(KeyId=world.key, Marker="elsewhere")


def test_not_more_than_25_times(world: Any, refused: Refuses) -> None:
    kms = world.client("kms")
    for _ in range(25):
        kms.rotate_key_on_demand(KeyId=world.key)
    with refused("LimitExceededException"):
        kms.rotate_key_on_demand(KeyId=world.key)
    kms.rotate_key_on_demand(KeyId=world.other_key)


def test_not_a_key_that_signs_is_disabled_or_on_its_way_out(world: Any, refused: Refuses) -> None:
    kms = world.client("kms")
    signs = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
    assert "CurrentKeyMaterialId" not in signs
    for call in (kms.rotate_key_on_demand, kms.list_key_rotations):
        with refused("UnsupportedOperationException"):
            call(KeyId=signs["KeyId"])
    kms.disable_key(KeyId=world.key)
    with refused("DisabledException"):
        kms.rotate_key_on_demand(KeyId=world.key)
    kms.enable_key(KeyId=world.key)
    kms.enable_key_rotation(KeyId=world.key)
    kms.schedule_key_deletion(KeyId=world.key)
    with refused("KMSInvalidStateException"):
        kms.rotate_key_on_demand(KeyId=world.key)
    assert kms.get_key_rotation_status(KeyId=world.key)["KeyRotationEnabled"] is False
    kms.cancel_key_deletion(KeyId=world.key)
    assert kms.get_key_rotation_status(KeyId=world.key)["KeyRotationEnabled"] is True
