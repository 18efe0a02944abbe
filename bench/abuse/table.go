//go:build linux

package abuse

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Table writes a table for each case, a row for each server, the longest wait of a bystander first of the figures. The error is w's.
func Table(w io.Writer, r *Report, cases []Case) error {
	var text strings.Builder
	fmt.Fprintf(&text, "%s, %d CPUs, %s, %s\n%s\n", r.Machine.CPU, r.Machine.Cores, r.Machine.Kernel, r.Machine.Go, r.Pinning)
	if r.Interrupted {
		fmt.Fprintln(&text, "! the run was ended before it was complete")
	}
	for _, missing := range r.Missing {
		fmt.Fprintf(&text, "! not attacked: %s\n", missing)
	}
	for i := range cases {
		c := &cases[i]
		of := slices.DeleteFunc(slices.Clone(r.Outcomes), func(o Outcome) bool { return o.Case != c.Name })
		if len(of) > 0 {
			fmt.Fprintf(&text, "\n%s: %s; %s\n", c.Name, c.What, of[0].Size)
			writeCase(&text, of)
		}
	}
	fmt.Fprintf(&text, "\nping is the round trip of %d bystanders in another room, one that was not answered with the time that it was waited for. CPU is the server's until the last\n"+
		"of them had its answer, %% of a core. Memory is its resident size before, and the most from then on; 1 MB is 1,000,000 bytes. Dropped are connections\n"+
		"of attackers that it ended.\n", bystanders)
	_, err := io.WriteString(w, text.String())
	return err
}

var heads = []string{"server", "longest ping", "p99", "p50", "CPU", "%", "memory", "peak", "sent", "dropped"}

func writeCase(text *strings.Builder, outcomes []Outcome) {
	rows := [][]string{heads}
	var remarks, skipped []string
	for i := range outcomes {
		o := &outcomes[i]
		if o.Skipped != "" {
			skipped = append(skipped, o.Subject)
			continue
		}
		remarks = append(remarks, o.remarks()...)
		if o.Asked > 0 {
			rows = append(rows, []string{
				o.Subject, short(o.RoundTrip.Max()), short(o.RoundTrip.Percentile(99)), short(o.RoundTrip.Percentile(50)), o.cpu(), o.share(),
				bytesIn(o.Server.BaseRSS), bytesIn(o.Server.PeakRSS), bytesIn(o.Sent), fmt.Sprint(o.Dropped),
			})
		}
	}
	if len(rows) > 1 {
		writeGrid(text, rows)
	}
	if len(skipped) > 0 {
		remarks = append(remarks, fmt.Sprintf("%s: %s", strings.Join(skipped, ", "), nothingLikeIt))
	}
	for _, remark := range remarks {
		fmt.Fprintf(text, "! %s\n", remark)
	}
}

// writeGrid aligns the first column to the left and the others to the right.
func writeGrid(text *strings.Builder, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, word := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(word))
		}
	}
	for _, row := range rows {
		line := ""
		for i, word := range row {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(word))
			if i == 0 {
				line = word + pad
				continue
			}
			line += "  " + pad + word
		}
		fmt.Fprintln(text, strings.TrimRight(line, " "))
	}
}

// remarks are what a reader has to know of the row.
func (o *Outcome) remarks() (all []string) {
	say := func(format string, args ...any) { all = append(all, o.Subject+": "+fmt.Sprintf(format, args...)) }
	if o.Failed != "" {
		say("FAILED: %s", o.Failed)
	}
	if o.Notes != "" {
		say("%s", o.Notes)
	}
	if missing := o.Asked - o.Answered; missing > 0 {
		say("%d of %d questions of bystanders were NOT ANSWERED", missing, o.Asked)
	}
	if len(o.Lost) > 0 {
		say("%d bystanders were DROPPED: %s", len(o.Lost), o.Lost[0])
	}
	return all
}

const unknown = "–"

func (o *Outcome) cpu() string {
	if o.Server.RSS == 0 {
		return unknown
	}
	return short(o.Server.CPU())
}

func (o *Outcome) share() string {
	if o.Server.RSS == 0 || o.Elapsed <= 0 {
		return unknown
	}
	return fmt.Sprintf("%.0f", 100*o.Server.CPU().Seconds()/o.Elapsed.Seconds())
}

// short writes three digits.
func short(d time.Duration) string {
	for unit := time.Duration(10); unit <= time.Minute; unit *= 10 {
		if d < 100*unit {
			return d.Round(unit / 10).String()
		}
	}
	return d.Round(time.Second).String()
}

func bytesIn(n int64) string {
	size, unit := float64(n)/1e6, "MB"
	switch {
	case n == 0:
		return unknown
	case size < 0.9995:
		size, unit = size*1e3, "kB"
	case size >= 999.5:
		size, unit = size/1e3, "GB"
	}
	digits := 0
	for most := 99.95; size < most && digits < 2; most /= 10 {
		digits++
	}
	return fmt.Sprintf("%.*f %s", digits, size, unit)
}

// String is the size in words: "40 clients, 44 times each, with 1,000 others or things, for 5s".
func (s Size) String() string {
	words := fmt.Sprintf("%d clients", s.Clients)
	if s.Clients == 1 {
		words = "1 client"
	}
	if s.Times > 0 {
		words += fmt.Sprintf(", %d times each", s.Times)
	}
	if s.Crowd > 0 {
		words += fmt.Sprintf(", %d of what is listed", s.Crowd)
	}
	return words + ", for " + s.For.String()
}
