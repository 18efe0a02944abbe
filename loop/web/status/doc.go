// Package status is the page that draws how a running server is: connections, messages, loop lag and memory of the last five minutes,
// and a word for all of it. Anyone who reaches it may look, so there are no names and no addresses in it.
//
// A Sampler takes what the server has counted once a second, on a goroutine of its own, and keeps each second as the JSON that a page is
// sent. So it costs the server the same however many look. This package knows nothing of event loops: they give it a Reading.
package status
