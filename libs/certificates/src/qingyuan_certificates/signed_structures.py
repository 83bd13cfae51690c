"""The structures of signed data. They are declared here because asn1crypto's own know no identifiers of SM2, and with a
set of untyped values an optional field swallows the next one.
"""

from asn1crypto import core, x509


class Algorithm(core.Sequence):
    _fields = [("algorithm", core.ObjectIdentifier), ("parameters", core.Any, {"optional": True})]


class Algorithms(core.SetOf):
    _child_spec = Algorithm


class Values(core.SetOf):
    _child_spec = core.Any


class Attribute(core.Sequence):
    _fields = [("type", core.ObjectIdentifier), ("values", Values)]


class Attributes(core.SetOf):
    _child_spec = Attribute


class Content(core.Sequence):
    _fields = [
        ("type", core.ObjectIdentifier),
        ("content", core.OctetString, {"explicit": 0, "optional": True}),
    ]


class Certificates(core.SetOf):
    _child_spec = x509.Certificate


class RevocationLists(core.SetOf):
    _child_spec = core.Sequence


class IssuerAndSerial(core.Sequence):
    _fields = [("issuer", x509.Name), ("serial", core.Integer)]


class Signer(core.Sequence):
    _fields = [
        ("version", core.Integer),
        ("issuer_and_serial", IssuerAndSerial),
        ("digest", Algorithm),
        ("signed_attributes", Attributes, {"implicit": 0, "optional": True}),
        ("signing", Algorithm),
        ("signature", core.OctetString),
        ("other_attributes", Attributes, {"implicit": 1, "optional": True}),
    ]


class Signers(core.SetOf):
    _child_spec = Signer


class SignedData(core.Sequence):
    _fields = [
        ("version", core.Integer),
        ("digests", Algorithms),
        ("content", Content),
        ("certificates", Certificates, {"implicit": 0, "optional": True}),
        ("lists", RevocationLists, {"implicit": 1, "optional": True}),
        ("signers", Signers),
    ]


class Envelope(core.Sequence):
    _fields = [("type", core.ObjectIdentifier), ("content", SignedData, {"explicit": 0})]
