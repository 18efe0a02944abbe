//go:build linux && !plant

package loop

import "looproom/loop/room"

// plant, plantApply and plantDelivery do nothing but in the build that plant_on.go is for.
func plant([]byte) {}

func plantApply(*room.Command) {}

func plantDelivery(*room.Event) {}
