package main

import (
	"context"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets test scripts, and tests that kill processes, run this binary as
// firstline.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"firstline": func() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		code := run(ctx, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr})
		stop()
		os.Exit(code)
	}})
}

// TestScripts runs the command line as people do; see testdata/script.
func TestScripts(t *testing.T) {
	t.Parallel()
	shipped, err := filepath.Abs("../../content")
	if err != nil {
		t.Fatal(err)
	}
	few := fewContent(t)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("XDG_DATA_HOME", filepath.Join(e.WorkDir, "data"))
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("LANG", "en_US.UTF-8")
			e.Setenv("SHIPPED", shipped)
			e.Setenv("FEW", few)
			return nil
		},
	})
}
