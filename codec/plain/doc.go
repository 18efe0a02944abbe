// Package plain makes text of what somebody has sent: as it came ([Text]), which is what the chat keeps, and as it is safe to show to others ([Clean]).
//
// It knows nothing of where the text comes from and what it means. The functions hold no state and may be called from anywhere.
//
// # Caveats
//
// Text and Clean may return their argument: copy what has to outlive it. What went through Text alone has control characters still, and drives the terminal of
// who is shown it.
package plain
