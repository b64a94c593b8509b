package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"firstline/bot/chat"
	"firstline/bot/inbox"
	"firstline/handoff/rooms"
)

// roomSettings are the variables that make a room on one network.
type roomSettings struct {
	network     chat.Network
	room, staff string // names of variables
	role        string // "": the network has no roles
	threads     rooms.Threads
	inThreads   func() (bool, error) // whether threads are used
}

var roomVariables = []roomSettings{
	{
		network: chat.Telegram, room: "TELEGRAM_STAFF_CHAT", staff: "TELEGRAM_STAFF",
		threads: rooms.Beneath, inThreads: staffTopics,
	},
	{
		network: chat.Discord, room: "DISCORD_STAFF_CHANNEL", staff: "DISCORD_STAFF", role: "DISCORD_STAFF_ROLE",
		threads: rooms.OnCard, inThreads: func() (bool, error) { return true, nil },
	},
}

// staffTopics reports whether each ticket gets a topic of its own on Telegram.
func staffTopics() (bool, error) {
	v := os.Getenv("TELEGRAM_STAFF_TOPICS")
	if v == "" {
		return false, nil
	}
	on, err := strconv.ParseBool(v)
	if err != nil {
		return false, fmt.Errorf("TELEGRAM_STAFF_TOPICS %q: want true or false", v)
	}
	return on, nil
}

// staffRooms reads the rooms where staff work. A room in which nobody is staff, and
// staff without a room, are mistakes.
func staffRooms(t tokens) ([]rooms.Room, error) {
	var all []rooms.Room
	for _, v := range roomVariables {
		if !t.has(v.network) { // its channel is off
			continue
		}
		at := strings.TrimSpace(os.Getenv(v.room))
		staff, err := rooms.ParseStaff(os.Getenv(v.staff))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", v.staff, err)
		}
		role := ""
		if v.role != "" {
			role = strings.TrimSpace(os.Getenv(v.role))
		}
		somebody := len(staff) > 0 || role != ""
		switch {
		case at == "" && somebody:
			return nil, fmt.Errorf("%s says who is staff, but %s names no room for them", v.staff, v.room)
		case at == "":
			continue
		case !somebody:
			return nil, fmt.Errorf("%s is set, but nobody is staff: list accounts in %s, such as alice=1234567", v.room, v.staff)
		}
		room := rooms.Room{At: chat.ConversationID{Network: v.network, ID: at}, Staff: staff, Role: role}
		threads, err := v.inThreads()
		if err != nil {
			return nil, err
		}
		if threads {
			room.Threads = v.threads
		}
		all = append(all, room)
	}
	return all, nil
}

// staffCommands describes the commands of staff.
var staffCommands = map[chat.Command]string{
	chat.CommandTickets:  "Who waits",
	chat.CommandClaim:    "Hold the ticket",
	chat.CommandRelease:  "Put the ticket back into the queue",
	chat.CommandSolve:    "End the ticket and ask for a rating",
	chat.CommandReopen:   "Take a solved ticket up again",
	chat.CommandNote:     "Write a note that only staff see",
	chat.CommandTransfer: "Give the ticket to a colleague",
	chat.CommandHelp:     "How this room works",
}

// dispatch gives messages of staff rooms to the rooms, and all others to the bot.
type dispatch struct{ bot, rooms inbox.Handler }

// Handle implements inbox.Handler.
func (d dispatch) Handle(ctx context.Context, item inbox.Item) error {
	if item.Message.StaffRoom {
		return d.rooms.Handle(ctx, item)
	}
	return d.bot.Handle(ctx, item)
}

// checkRooms says who is staff in which room. What the bot may do there, its
// channel checks.
func checkRooms(w io.Writer) error {
	t, err := readTokens()
	if err != nil {
		return err
	}
	all, err := staffRooms(t)
	if err != nil {
		return err
	}
	for _, room := range all {
		who := fmt.Sprintf("%d accounts", len(room.Staff))
		if room.Role != "" {
			who += " and whoever has the role " + room.Role
		}
		if _, err := fmt.Fprintf(w, "%s: ok: in the staff room %s, %s may act\n", room.At.Network, room.At.ID, who); err != nil {
			return err
		}
	}
	return nil
}
