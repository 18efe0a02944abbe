package main

import (
	"math"
	"testing"
)

// luminance is that of a color of the 6x6x6 cube or of the grays of a terminal, as WCAG 2 has it.
func luminance(color int) float64 {
	if color >= 232 {
		return linear(8 + 10*(color-232))
	}
	level := func(n int) int {
		if n == 0 {
			return 0
		}
		return 55 + 40*n
	}
	n := color - 16
	return 0.2126*linear(level(n/36)) + 0.7152*linear(level(n/6%6)) + 0.0722*linear(level(n%6))
}

func linear(level int) float64 {
	c := float64(level) / 255
	if c <= 0.04045 {
		return c / 12.92
	}
	return math.Pow((c+0.055)/1.055, 2.4)
}

// TestColorsCanBeRead on white and on black.
func TestColorsCanBeRead(t *testing.T) {
	for _, color := range append([]int{quietColor, alarmColor, ownColor}, nameColors...) {
		l := luminance(color)
		onWhite, onBlack := 1.05/(l+0.05), (l+0.05)/0.05
		if onWhite < 3.5 || onBlack < 3.5 {
			t.Errorf("color %d has a contrast of %.1f on white and %.1f on black, want 3.5", color, onWhite, onBlack)
		}
	}
}
