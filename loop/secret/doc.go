// Package secret makes and checks the hashes of passwords. Hash makes Argon2id with 19 MiB of memory, 2 passes and 1 lane: the second of
// the settings that the OWASP cheat sheet on password storage holds for equally strong. Argon2id of other settings and bcrypt are good
// for checking, so that hashes which other programs made can be used.
//
// Beside its hash a password can have a Verifier, with which a client can log in without saying it: SCRAM-SHA-256, whose messages are taken and answered by a Conversation. Who has stolen one guesses
// passwords with less memory than those of Hash take, in about the same time on a computer like this one.
//
// It knows nothing of users, clients or files, and it logs nothing. No error that it returns repeats a password or a hash.
//
// # Passwords
//
// Two passwords are the same if they are the same in the profile OpaqueString of RFC 8265: accents may be typed as one character or as two,
// and every kind of space is a space. Hash, Matches and Shared do this themselves; callers give what was typed.
// For a Verifier it is the client that brings the password into a form, that of RFC 4013 as RFC 5802 has it, or none: what is typed in two ways may differ there.
//
// # Cost
//
// Hash, Matches and NewVerifier take tens of milliseconds of one processor and, but for the last, for Argon2id, hold its memory as long: 19 MiB for what Hash makes, and
// at most 256 MiB for what Valid allows. They must not run on an event loop, and whoever calls them on behalf of strangers bounds how many run
// at once.
//
// # Caveats
//
// bcrypt reads 72 bytes of a password and no more. A longer one never matches a bcrypt hash, though its first 72 bytes might.
//
// Go can't promise to wipe a string: a password stays in memory until that is used again.
package secret
