package watch

import (
	"errors"
	"path/filepath"

	"github.com/fsnotify/fsnotify"
)

// notices are those of the operating system. Where it has none, or no more,
// wake stays silent.
type notices struct {
	watcher *fsnotify.Watcher // nil when there is none
	wake    chan struct{}     // something may have changed
	done    chan struct{}
}

func newNotices() *notices {
	n := &notices{wake: make(chan struct{}, 1), done: make(chan struct{})}
	var err error
	if n.watcher, err = fsnotify.NewWatcher(); err != nil {
		n.watcher = nil
		close(n.done)
		return n
	}
	go n.pass()
	return n
}

// pass turns any number of notices into one wake.
func (n *notices) pass() {
	defer close(n.done)
	for {
		var more bool
		var event fsnotify.Event
		var err error
		select {
		case event, more = <-n.watcher.Events:
			if more && event.Op == fsnotify.Chmod {
				continue // indexers and virus scanners do that
			}
		case err, more = <-n.watcher.Errors:
			if more && !errors.Is(err, fsnotify.ErrEventOverflow) {
				continue
			}
		}
		if !more {
			return
		}
		select {
		case n.wake <- struct{}{}:
		default:
		}
	}
}

// follow asks for notices of all folders of a tree. Asking twice does nothing,
// and what fails is left to the next look.
func (n *notices) follow(dir string, t tree) {
	if n.watcher == nil {
		return
	}
	_ = n.watcher.Add(dir)
	for name, m := range t {
		if m.kind.IsDir() {
			_ = n.watcher.Add(filepath.Join(dir, filepath.FromSlash(name)))
		}
	}
}

// drain forgets notices that have already had their effect.
func (n *notices) drain() {
	select {
	case <-n.wake:
	default:
	}
}

func (n *notices) close() {
	if n.watcher != nil {
		_ = n.watcher.Close()
	}
	<-n.done
}
