//go:build linux

package transfer

import "time"

// paceLook is how long a pace waits at most before it looks at the limits again: they can change meanwhile.
const paceLook = time.Second

// pace keeps a client to its rate while its bytes are read beside the loop. It belongs to the goroutine of an upload; what it has
// spent is the client's again when the upload is over.
type pace struct {
	service *Service
	paid    time.Duration   // as rate.Rate has it
	gone    <-chan struct{} // closed when the connection is
}

// pay waits until one more line may be handled, and counts it. False: the connection has been closed meanwhile.
func (p *pace) pay() bool {
	if !p.await(0) {
		return false
	}
	if lines := p.service.Limits().Lines; lines.Every > 0 {
		p.paid = lines.Pay(p.paid, p.service.Now())
	}
	return true
}

// settle waits until the last line that was paid for would have been handled, had it waited. False: the connection has been closed.
func (p *pace) settle() bool { return p.await(p.service.Limits().Lines.Every) }

// await returns when nothing is owed beyond what a burst and the overdraft allow. What the client sends meanwhile waits in the kernel, and
// so with the client: nothing has to be kept for it.
func (p *pace) await(overdraft time.Duration) bool {
	for {
		lines, now := p.service.Limits().Lines, p.service.Now()
		p.paid = lines.Forgive(p.paid, now)
		wait := lines.Wait(p.paid, now, overdraft)
		if lines.Every == 0 || wait == 0 {
			return true
		}
		timer := time.NewTimer(min(wait, paceLook))
		select {
		case <-timer.C:
		case <-p.gone:
			timer.Stop()
			return false
		}
	}
}
