package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"firstline/bot/chat"
	"firstline/handoff"
	"firstline/handoff/store"
)

// childMode names the variable that makes this test binary another process of
// Firstline: its value says what the process does, to the database in
// os.Args[1].
const childMode = "FIRSTLINE_STORE_TEST_CHILD"

func TestMain(m *testing.M) {
	if mode := os.Getenv(childMode); mode != "" {
		if err := runChild(mode, os.Args[1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

func runChild(mode, path string) error {
	ctx := context.Background()
	if mode == "lock" {
		if _, err := store.LockServe(path); err != nil {
			return err
		}
		return untilKilled()
	}
	s, err := store.Open(ctx, path, store.Options{})
	if err != nil {
		return err
	}
	switch mode {
	case "open":
	case "count":
		err = count(ctx, s)
	case "write":
		err = writeForever(ctx, s, os.Args[2])
	default:
		err = fmt.Errorf("unknown mode %q", mode)
	}
	return errors.Join(err, s.Close())
}

// untilKilled says that the child is ready and waits for its end.
func untilKilled() error {
	fmt.Println("ready")
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}

// counts is how often count counts.
const counts = 50

// count adds to a number in the database, reading it first each time.
func count(ctx context.Context, s *store.Store) error {
	for range counts {
		err := s.Update(ctx, func(tx handoff.Tx) error {
			th, err := tx.Thread("count")
			if errors.Is(err, handoff.ErrNotFound) {
				th, err = &handoff.Thread{ID: "count"}, nil
			}
			if err != nil {
				return err
			}
			th.Ticket++
			return tx.SaveThread(th)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// writeForever writes in several goroutines and prints what was acknowledged,
// a line each, only after it was.
func writeForever(ctx context.Context, s *store.Store, round string) error {
	var print sync.Mutex
	acknowledged := func(kind, key string) {
		print.Lock()
		defer print.Unlock()
		fmt.Println(kind, key)
	}
	var wg sync.WaitGroup
	errs := make(chan error, 4)
	for g := range cap(errs) {
		wg.Go(func() {
			for i := 0; ; i++ {
				key := round + "-" + strconv.Itoa(g) + "-" + strconv.Itoa(i)
				if err := writeOne(ctx, s, key, g); err != nil {
					errs <- err
					return
				}
				acknowledged("entry", key)
				m := &chat.Message{Event: key, Conversation: chat.ConversationID{Network: "telegram", ID: strconv.Itoa(g)}}
				if _, err := s.AddMessages(ctx, []*chat.Message{m}, start); err != nil {
					errs <- err
					return
				}
				acknowledged("message", key)
			}
		})
	}
	wg.Wait()
	return <-errs
}

func writeOne(ctx context.Context, s *store.Store, key string, g int) error {
	return s.Update(ctx, func(tx handoff.Tx) error {
		e := &handoff.Entry{Key: key, Thread: handoff.ThreadID(strconv.Itoa(g)), Kind: handoff.ByAsker, Text: key}
		if err := tx.AddEntry(e); err != nil {
			return err
		}
		_, err := tx.PutDelivery(delivery(key, strconv.Itoa(g)))
		return err
	})
}

// child starts this test binary as another process. Its standard output is
// read by lines; it is killed when the test ends, if it still runs.
func child(t *testing.T, mode string, args ...string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe, args...)
	cmd.Env = append(os.Environ(), childMode+"="+mode)
	cmd.Stderr = os.Stderr
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}
