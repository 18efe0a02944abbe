package report

import (
	"slices"
	"testing"

	"looproom/bench"
)

func TestWarningsThatDifferInNumbers(t *testing.T) {
	c := cell{subject: "threads"}
	for _, warnings := range [][]string{
		{"6 of 201 messages left late", "it refuses clients past descriptor 1,023"},
		{"17 of 201 messages left late", "it refuses clients past descriptor 1,023"},
		{"it refuses clients past descriptor 1,023", "the generator was busy for 98.5 %"},
		{"3 of 1,201 messages left late", "it refuses clients past descriptor 1,023"},
	} {
		c.runs = append(c.runs, &bench.Measurement{Warnings: warnings})
	}
	want := []string{
		"3–17 of 201–1,201 messages left late (3 of 4 repetitions)",
		"it refuses clients past descriptor 1,023",
		"the generator was busy for 98.5 % (1 of 4 repetitions)",
	}
	if got := c.warnings(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
