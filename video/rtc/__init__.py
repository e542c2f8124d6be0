"""WebRTC media without transcoding, sans-IO: ICE-lite, DTLS-SRTP, RTP/RTCP, SDP and the forwarder.

Bytes and time come in as arguments, bytes go out through a function that the caller gives; sockets are the listeners'.
"""
