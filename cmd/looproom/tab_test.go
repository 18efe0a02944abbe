//go:build linux

package main_test

import (
	"context"
	"strings"
	"testing"

	"looproom/loop/logtext"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// tab is a page in a browser of the test's own.
type tab struct {
	ctx  context.Context
	said logtext.Text // what the browser complains of
}

// refusedPorts are those that a kernel may give to a door and that Chromium opens no page from (net/base/port_util.cc), unless it is told to.
const refusedPorts = "1719,1720,1723,2049,3659,4045,4190,5060,5061,6000,6566,6665,6666,6667,6668,6669,6679,6697,10080"

// openTab opens a page in headless Chromium, with flags of its own. The end of the test ends it.
func openTab(t *testing.T, url string, flags ...chromedp.ExecAllocatorOption) *tab {
	t.Helper()
	// As root, and in containers, Chromium has no sandbox.
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.ExecPath("chromium"), chromedp.WSURLReadTimeout(patience),
		chromedp.Flag("explicitly-allowed-ports", refusedPorts))
	options = append(options, flags...)
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(allocator)
	t.Cleanup(end)
	opened := &tab{ctx: ctx}
	if err := chromedp.Listen(ctx, opened.hear); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	if err := chromedp.Do(ctx, call(log.Enable, cdp.Empty{}), chromedp.EmulateViewport(1280, 800), chromedp.Navigate(url)); err != nil {
		t.Fatalf("open %s in Chromium: %v", url, err)
	}
	return opened
}

// call is a command of the browser's protocol whose answer doesn't matter.
func call[P, A any](command cdp.Command[P, A], parameters P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, command, parameters)
		return err
	})
}

// hear keeps what goes wrong in the page. That there is no icon, and that a server which has ended does not answer, is no matter.
func (b *tab) hear(event any) {
	switch event := event.(type) {
	case *runtime.EventExceptionThrown:
		text := event.ExceptionDetails.Text
		if thrown := event.ExceptionDetails.Exception; thrown != nil {
			text += " " + thrown.Description
		}
		_, _ = b.said.Write([]byte(text + "\n"))
	case *log.EventEntryAdded:
		if event.Entry.Source != log.EntrySourceNetwork {
			_, _ = b.said.Write([]byte(event.Entry.Text + "\n"))
		}
	}
}

func (b *tab) complaints() []string { return strings.Fields(b.said.String()) }

// waitFor waits until the expression is true in the page.
func (b *tab) waitFor(t *testing.T, what, expression string) {
	t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(3*patience))); err != nil {
		page, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.body.innerText`)) // it is for the message alone
		t.Fatalf("the page shows no %s: %v; %q; it shows:\n%s", what, err, b.complaints(), page)
	}
}
