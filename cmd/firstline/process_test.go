package main

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"firstline/content"
)

// process is a firstline that runs as its own process, as in production.
type process struct {
	t      testing.TB
	cmd    *exec.Cmd
	log    *buffer
	link   string // the sign-in link or the desk's address that it printed
	ended  chan struct{}
	waited error
}

// deployment is the environment of the processes of one test.
type deployment struct {
	t   testing.TB
	dir string
	env []string
	// listen is where its desk listens: a free port, unless a test needs the same
	// one after a restart.
	listen string
}

func newDeployment(t testing.TB, env ...string) *deployment {
	dir := t.TempDir()
	base := []string{"FIRSTLINE_CONTENT=" + lightContent(t), "HOME=" + dir, "XDG_DATA_HOME=" + dir, "PATH=" + os.Getenv("PATH"), "LANG=en_US.UTF-8"}
	return &deployment{t: t, dir: dir, env: append(base, env...), listen: "127.0.0.1:0"}
}

// lightContent copies the shipped content with a few questions of each article:
// all of them take seconds of training, and these tests are about delivery.
func lightContent(t testing.TB) string {
	const questions = 12
	dir := filepath.Join(t.TempDir(), "content")
	if err := os.CopyFS(dir, content.FS); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*", "*", "*.md"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		head, rest, found := strings.Cut(string(data), "questions:\n")
		if !found {
			t.Fatal(file, "has no questions")
		}
		lines := strings.SplitAfter(rest, "\n")
		end := slices.IndexFunc(lines, func(l string) bool { return !strings.HasPrefix(l, "  - ") })
		lines = slices.Delete(lines, min(questions, end), end)
		if err := os.WriteFile(file, []byte(head+"questions:\n"+strings.Join(lines, "")), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func (d *deployment) database() string { return filepath.Join(d.dir, "firstline", "firstline.db") }

func (d *deployment) command(args ...string) *exec.Cmd {
	cmd := exec.Command("firstline", args...)
	cmd.Env = d.env
	return cmd
}

// cli runs a command to its end and returns what it printed.
func (d *deployment) cli(args ...string) string {
	d.t.Helper()
	out, err := d.command(args...).CombinedOutput()
	if err != nil {
		d.t.Fatalf("firstline %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// start starts serve. It returns at once; see ready.
func (d *deployment) start() *process {
	d.t.Helper()
	p := &process{t: d.t, cmd: d.command("serve", "--listen", d.listen), log: &buffer{}, ended: make(chan struct{})}
	p.cmd.Stderr = p.log
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		d.t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	go func() {
		for lines.Scan() {
			p.log.line(lines.Text())
		}
		p.waited = p.cmd.Wait()
		close(p.ended)
	}()
	d.t.Cleanup(p.kill)
	return p
}

var address = regexp.MustCompile(`http://127\.0\.0\.1:\d+/\S*`)

// ready waits until serve has announced its desk.
func (p *process) ready() *process {
	p.t.Helper()
	p.log.wait(p.t, "serve to be ready", func(s string) bool {
		for line := range strings.Lines(s) {
			if !strings.HasPrefix(line, "{") {
				if p.link = address.FindString(line); p.link != "" {
					return true
				}
			}
		}
		return false
	})
	return p
}

// base is the address of the desk without a path.
func (p *process) base() string {
	i := strings.Index(p.link[len("http://"):], "/")
	return p.link[:len("http://")+i]
}

// kill ends the process as a power cut would.
func (p *process) kill() {
	_ = p.cmd.Process.Signal(syscall.SIGKILL)
	<-p.ended
}

// stop ends the process as an operator would, which must succeed.
func (p *process) stop() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		p.t.Fatal(err)
	}
	<-p.ended
	if p.waited != nil {
		p.t.Fatalf("serve ended with %v\n%s", p.waited, p.log)
	}
}

// buffer is what a process has written, to be waited for.
type buffer struct {
	mu      sync.Mutex
	b       bytes.Buffer
	changed chan struct{}
}

// Write appends p.
func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.b.Write(p)
	if b.changed != nil {
		close(b.changed)
		b.changed = nil
	}
	return len(p), nil
}

func (b *buffer) line(s string) {
	if _, err := b.Write([]byte(s + "\n")); err != nil {
		panic(err)
	}
}

// String returns all of it.
func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func (b *buffer) wait(t testing.TB, what string, ok func(string) bool) {
	t.Helper()
	deadline := time.After(60 * time.Second)
	for {
		b.mu.Lock()
		text := b.b.String()
		if b.changed == nil {
			b.changed = make(chan struct{})
		}
		changed := b.changed
		b.mu.Unlock()
		if ok(text) {
			return
		}
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("waited a minute for %s; it wrote:\n%s", what, text)
		}
	}
}
