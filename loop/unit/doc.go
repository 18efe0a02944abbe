// Package unit is numbers as people write them: sizes, rates and times, and between what each may be.
//
// A Bound is all that is to be said of one number that can be set: its name, its unit, what it is where nobody says, the least and the most. Flags, the config file and who uses the number
// look at the same Bound. Durations are read by time.ParseDuration, everywhere.
//
// The package knows nothing of what the numbers are for. It has no state, no I/O and no clock.
package unit
