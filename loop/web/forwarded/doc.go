// Package forwarded finds out for whom a proxy of HTTP speaks, by the header in which it says so: X-Forwarded-For, or Forwarded (RFC 7239).
//
// It is pure. Who is trusted is the caller's affair, and so is whose the connection is; nothing is believed that an untrusted one has written. What it
// costs is bounded by the length of the header.
package forwarded
