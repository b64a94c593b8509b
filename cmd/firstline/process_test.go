package main

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
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
	// content is the folder with its articles, "" when they are those built in.
	content string
	// listen is where its desk listens: a free port, unless a test needs the same
	// one after a restart.
	listen string
}

// newDeployment is one with little content, see fewContent.
func newDeployment(t testing.TB, env ...string) *deployment {
	t.Helper()
	content := fewContent(t)
	d := newShipped(t, append([]string{"FIRSTLINE_CONTENT=" + content}, env...)...)
	d.content = content
	return d
}

// newShipped is one with the content that is built in.
func newShipped(t testing.TB, env ...string) *deployment {
	t.Helper()
	dir := t.TempDir()
	base := []string{"HOME=" + dir, "XDG_DATA_HOME=" + dir, "PATH=" + os.Getenv("PATH"), "LANG=en_US.UTF-8"}
	return &deployment{t: t, dir: dir, env: append(base, env...), listen: "127.0.0.1:0"}
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
		p.log.line("") // for those who wait for what it will never write
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
		select {
		case <-p.ended:
			p.t.Fatalf("serve ended with %v\n%s", p.waited, s)
		default:
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

// metrics is what serve tells Prometheus.
func (p *process) metrics() string {
	p.t.Helper()
	res, err := http.Get(p.base() + "/metrics")
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		p.t.Fatalf("/metrics: %d, %v", res.StatusCode, err)
	}
	return string(body)
}

var ticketsOfState = regexp.MustCompile(`(?m)^firstline_tickets\{.*\} (\d+)$`)

// tickets is how many there are.
func (p *process) tickets() (n int) {
	p.t.Helper()
	for _, m := range ticketsOfState.FindAllStringSubmatch(p.metrics(), -1) {
		of, err := strconv.Atoi(m[1])
		if err != nil {
			p.t.Fatal(err)
		}
		n += of
	}
	return n
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
