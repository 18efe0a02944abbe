package line_test

import (
	"fmt"

	"looproom/loop/dialect"
	"looproom/loop/dialect/line"
	"looproom/loop/room"
)

func ExampleDialect_Parse() {
	var cmd room.Command
	line.Dialect{}.Parse([]byte("TEXT TO bob see you"), &cmd)
	fmt.Println(cmd.Verb == room.Tell, cmd.Name, cmd.Text)
	line.Dialect{}.Parse([]byte("see you all"), &cmd)
	fmt.Println(cmd.Verb == room.Say, cmd.Text)
	// Output:
	// true bob see you
	// true see you all
}

func ExampleDialect_Append() {
	e := room.Event{Kind: room.Said, RoomName: "#go", Who: "ana", Text: "hello"}
	fmt.Printf("%s", line.Dialect{}.Append(nil, &e, dialect.Reader{Here: true}))
	fmt.Printf("%s", line.Dialect{}.Append(nil, &e, dialect.Reader{}))
	// Output:
	// [ana] hello
	// #go [ana] hello
}
