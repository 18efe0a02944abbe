//go:build linux

package transfer

import (
	"errors"
	"time"

	"looproom/loop/budget"
	"looproom/loop/files"
	"looproom/loop/quota"
	"looproom/loop/rate"
)

// Config is what a Service works with. All functions are called from any goroutine.
type Config struct {
	// Store keeps the files. nil: there are none, see ErrOff. It is not closed.
	Store *files.Store
	// Fetch fetches a file that another server has, and waits for it. The error is one that Client.Words can say. nil: there are no others.
	Fetch func(files.Entry) (*files.Fetched, error)
	// Budget counts the memory of transfers.
	Budget *budget.Budget
	// Now is the time on a clock that never goes back.
	Now func() time.Duration
	// Limits are those that hold just now.
	Limits func() Limits
}

// Limits are what clients may send. They may change at any time.
type Limits struct {
	// Lines is how fast a client's lines are handled; an upload waits until its SEND would have been, and each ping within it counts as one.
	Lines rate.Rate
	// PerAddress and PerAccount are what one address, and one registered name, may send in a day.
	PerAddress, PerAccount quota.Limit
}

// Service transfers the files of a server. It is safe for any goroutine.
type Service struct {
	Config
	addresses *quota.Ledger[rate.Key]
	accounts  *quota.Ledger[string] // by key of the name
}

// New returns a Service to which nobody has sent anything yet.
func New(c Config) *Service {
	return &Service{Config: c, addresses: quota.NewLedger[rate.Key](), accounts: quota.NewLedger[string]()}
}

var (
	// ErrOff is the refusal of a server that keeps no files.
	ErrOff = errors.New("this server keeps no files")
	// ErrNoMemory is the refusal of a transfer that there is no memory for.
	ErrNoMemory = errors.New("the server is short of memory")
	// ErrNoFile is the answer to who asks for a file that isn't there.
	ErrNoFile = errors.New("there is no such file")
	// ErrAway is the answer to who asks for a file that only another server has, which can't be reached.
	ErrAway = errors.New("the server that has the file can't be reached")
	// ErrBusy is the answer to who asks for a file that another server has, when too many others do.
	ErrBusy = errors.New("too many files of other servers are on their way")
)

// TooLargeError is the refusal of a file of more bytes than Most.
type TooLargeError struct{ Most int64 }

func (*TooLargeError) Error() string { return "the file is too large" }

// QuotaError is the refusal of a file that is more than its sender may send just now.
type QuotaError struct {
	// Account says that it is the quota of the sender's name, and not of the address.
	Account bool
	// Wait is how long it is until the file would be taken; less than 0: for ever, since it has more bytes than Most.
	Wait time.Duration
	Most int64
}

func (*QuotaError) Error() string { return "the quota of files is used up" }
