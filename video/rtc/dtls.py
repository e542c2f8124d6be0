"""DTLS 1.2 for SRTP keys, in memory: datagrams in, datagrams out (RFC 6347, RFC 5764, RFC 8827 §6.5).

The certificates are self-signed; who the peer is says the fingerprint that signalling carried (RFC 8122).
"""

import hmac
import struct
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from OpenSSL import SSL

MTU = 1200  # bytes of DTLS per datagram: passes PPPoE, tunnels and TURN
_RECORD_HEADER = 13
_LABEL = b"EXTRACTOR-dtls_srtp"  # RFC 5764 §4.2
_CIPHERS = b"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES256-GCM-SHA384"


class Profile(Enum):
    """The SRTP protection profiles that we offer, the preferred first: name for OpenSSL, key and salt bytes.

    References
    ----------
    RFC 7714 §14.2 for AES-128-GCM, RFC 5764 §4.1.2 for the one that every peer has.
    """

    AEAD_AES_128_GCM = (b"SRTP_AEAD_AES_128_GCM", 16, 12)
    AES128_CM_SHA1_80 = (b"SRTP_AES128_CM_SHA1_80", 16, 14)

    def __init__(self, openssl_name: bytes, key_size: int, salt_size: int) -> None:
        self.openssl_name, self.key_size, self.salt_size = openssl_name, key_size, salt_size


@dataclass(frozen=True, slots=True)
class SrtpKeys:
    """Master key and salt joined, for each direction."""

    profile: Profile
    sending: bytes
    receiving: bytes


class Role(Enum):
    """Who begins (RFC 8842 §5.1): the active side is the client."""

    CLIENT = "active"
    SERVER = "passive"


class Identity:
    """A process's certificate with everything of OpenSSL that all its sessions share.

    Parameters
    ----------
    now
        When the certificate begins to hold.
    profiles
        Which SRTP profiles to offer, in this order.
    """

    def __init__(self, *, now: datetime, profiles: tuple[Profile, ...] = tuple(Profile)) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "lutong")])
        certificate = (
            x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=365))
            .sign(key, hashes.SHA256())
        )
        self.fingerprint = fingerprint_of(certificate)
        self.context = SSL.Context(SSL.DTLS_METHOD)
        self.context.set_options(SSL.OP_NO_TICKET | SSL.OP_NO_QUERY_MTU)
        self.context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
        self.context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, _any_certificate)
        self.context.set_cipher_list(_CIPHERS)
        self.context.use_privatekey(key)
        self.context.use_certificate(certificate)
        self.context.set_tlsext_use_srtp(b":".join(profile.openssl_name for profile in profiles))


def _any_certificate(*_: object) -> bool:
    """Let the handshake pass: the fingerprint is compared when it is done, before any key is used."""
    return True


def fingerprint_of(certificate: x509.Certificate) -> str:
    """Return the sha-256 fingerprint as SDP writes it (RFC 8122 §5)."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


class DtlsSession:
    """One DTLS association.

    Parameters
    ----------
    identity
        Our certificate.
    role
        Which side begins.
    remote_fingerprint
        The sha-256 fingerprint that the peer's certificate must have.

    Attributes
    ----------
    keys
        The SRTP keys, once the handshake is done and the fingerprint is right.
    failure
        Why there will never be keys, "" as long as there may.
    """

    def __init__(self, identity: Identity, role: Role, remote_fingerprint: str) -> None:
        self.keys: SrtpKeys | None = None
        self.failure = ""
        self.closed = False
        self._role = role
        self._remote_fingerprint = remote_fingerprint.upper()
        self._connection = SSL.Connection(identity.context)
        self._connection.set_ciphertext_mtu(MTU)
        if role is Role.CLIENT:
            self._connection.set_connect_state()
        else:
            self._connection.set_accept_state()

    def is_for(self, fingerprint: str) -> bool:
        """Tell whether this is the fingerprint that the peer has to have."""
        return self._remote_fingerprint == fingerprint.upper()

    def start(self) -> list[bytes]:
        """Begin, as the client; the server waits for the peer."""
        return self._advance() if self._role is Role.CLIENT else []

    def receive(self, datagram: bytes) -> list[bytes]:
        """Take a datagram; return those to send."""
        if self.failure or self.closed:
            return []
        self._connection.bio_write(datagram)
        if self.keys is None:
            return self._advance()
        try:
            self._connection.recv(1)  # application data has no place here; alerts and retransmissions are answered
        except SSL.ZeroReturnError:
            self.closed = True
        except SSL.Error:
            pass  # nothing to read, or a record that does not verify: dropped (RFC 6347 §4.1.2.7)
        return self._outgoing()

    def retransmit(self) -> list[bytes]:
        """Return the last flight again if its timer has run out (RFC 6347 §4.2.4); call every 50 to 500 ms.

        The timer is OpenSSL's own, 1 s doubled each time, the one clock here that the caller does not hold.
        """
        if self.keys is not None or self.failure:
            return []
        try:
            self._connection.DTLSv1_handle_timeout()
        except SSL.Error:
            self.failure = "the peer did not finish the handshake"
        return self._outgoing()

    def close(self) -> list[bytes]:
        """Tell the peer that we end (close_notify)."""
        self.closed = True
        if self.keys is None:
            return []
        try:
            self._connection.shutdown()
        except SSL.Error:
            return []
        return self._outgoing()

    def _advance(self) -> list[bytes]:
        try:
            self._connection.do_handshake()
        except SSL.WantReadError:
            return self._outgoing()
        except SSL.Error as error:
            self.failure = f"the handshake failed: {_reason(error)}"
            return self._outgoing()
        self._finish()
        if self.failure:  # the peer is told at once that nothing will come
            with suppress(SSL.Error):
                self._connection.shutdown()
        return self._outgoing()

    def _finish(self) -> None:
        certificate = self._connection.get_peer_certificate(as_cryptography=True)
        if certificate is None or not hmac.compare_digest(fingerprint_of(certificate), self._remote_fingerprint):
            self.failure = "the certificate is not the one that signalling announced"
            return
        chosen = self._connection.get_selected_srtp_profile()
        profile = next((each for each in Profile if each.openssl_name == chosen), None)
        if profile is None:
            self.failure = "no SRTP protection profile in common"
            return
        self.keys = self._export(profile)

    def _export(self, profile: Profile) -> SrtpKeys:
        """Cut the exported secret: client key, server key, client salt, server salt (RFC 5764 §4.2)."""
        key, salt = profile.key_size, profile.salt_size
        secret = self._connection.export_keying_material(_LABEL, 2 * (key + salt))
        client = secret[:key] + secret[2 * key : 2 * key + salt]
        server = secret[key : 2 * key] + secret[2 * key + salt :]
        if self._role is Role.CLIENT:
            return SrtpKeys(profile, sending=client, receiving=server)
        return SrtpKeys(profile, sending=server, receiving=client)

    def _outgoing(self) -> list[bytes]:
        pieces = []
        while True:
            try:
                pieces.append(self._connection.bio_read(65536))
            except SSL.WantReadError:
                return datagrams_of(b"".join(pieces))


def _reason(error: SSL.Error) -> str:
    """Return OpenSSL's own words for what went wrong."""
    return str(error.args[0][0][2]) if error.args and error.args[0] else type(error).__name__


def datagrams_of(records: bytes, mtu: int = MTU) -> list[bytes]:
    """Pack whole records into datagrams: a memory BIO joins a flight, and a record cut in two is lost in transit."""
    datagrams: list[bytes] = []
    begin = at = 0
    while at + _RECORD_HEADER <= len(records):
        end = at + _RECORD_HEADER + struct.unpack_from(">H", records, at + 11)[0]
        if end - begin > mtu and at > begin:
            datagrams.append(records[begin:at])
            begin = at
        at = end
    return [*datagrams, records[begin:]] if begin < len(records) else datagrams
