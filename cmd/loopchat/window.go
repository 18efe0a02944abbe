package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"

	"looproom/cmd/loopchat/session"
)

// leaveWindow is how long the end waits for the server's = END.
const leaveWindow = time.Second

// window is the Bubble Tea model. All of it belongs to the program's goroutine.
type window struct {
	settings
	session *session.Session
	chat    session.Chat
	leaving bool

	panes
	width, height int

	typing    typing
	question  *question
	entrance  entrance
	said      said
	departure departure
	presence  presence
	bell      bell
	list      list
	recall    recall
	lookups   lookups
	reading   reading
	wanted    string // a room to show when it has been entered
	called    called
	lately    lately
	transfer  transfer
}

type (
	eventsMsg []session.Event
	endedMsg  struct{}
	leaveMsg  struct{}
	tickMsg   time.Time
	retryMsg  int // the connection that it is for
)

// runWindow returns the exit status.
func runWindow(s settings) int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	w := newWindow(s, session.New(s.addresses...))
	options := []tea.ProgramOption{tea.WithoutSignalHandler()}
	if s.noColor {
		options = append(options, tea.WithEnvironment(append(os.Environ(), "NO_COLOR=1")))
	}
	program := tea.NewProgram(w, options...)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		<-signals
		program.Send(leaveMsg{})
		// A terminal that is gone may hold the program up.
		time.AfterFunc(4*leaveWindow, program.Kill)
	}()
	go w.session.Run(ctx)
	go deliver(program, w.session.Events())
	if _, err := program.Run(); err != nil && !w.leaving && !w.departure.wanted {
		return status(statusFailed, fmt.Errorf("window: %w", err))
	}
	return status(statusFailed, undelivered(w.session.Fate()))
}

// maxBatch is how many events one message of the program has at most.
const maxBatch = 256

// deliver hands the events to the program, as many at once as there are.
func deliver(program *tea.Program, events <-chan session.Event) {
	for e := range events {
		batch := eventsMsg{e}
		for more := true; more && len(batch) < maxBatch; {
			select {
			case next, ok := <-events:
				if more = ok; ok {
					batch = append(batch, next)
				}
			default:
				more = false
			}
		}
		program.Send(batch)
	}
	program.Send(endedMsg{})
}

func newWindow(s settings, connection *session.Session) *window {
	w := &window{settings: s, session: connection, presence: newPresence(s.awayAfter, time.Now())}
	w.panes.all = []*pane{{}}
	if n := len(s.wish.Rooms); n > 0 {
		w.wanted = s.wish.Rooms[n-1]
	}
	w.tell(toneNotice, "Connecting to "+connection.Target()+". /help lists what one can say, Ctrl-C leaves.")
	if s.insecure {
		w.tell(toneAlarm, insecureWarning)
	}
	return w
}

// Init starts the clock.
func (w *window) Init() tea.Cmd { return tick() }

func tick() tea.Cmd {
	return tea.Tick(time.Second, func(now time.Time) tea.Msg { return tickMsg(now) })
}

// Update takes one message.
func (w *window) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		w.width, w.height = msg.Width, msg.Height
	case tea.KeyPressMsg:
		cmd := w.press(msg)
		look(w)
		return w, cmd
	case tea.PasteMsg:
		active(w)
		w.paste(msg)
	case eventsMsg:
		return w, w.hearAll(msg)
	case tickMsg:
		tellPresence(w, time.Time(msg))
		tellRead(w)
		w.list.ask(w, time.Time(msg))
		return w, tick()
	case retryMsg:
		w.entrance.retry(w, int(msg))
	case leaveMsg:
		return w, w.departure.hurry(w)
	case endedMsg:
		return w, tea.Quit
	}
	return w, nil
}
