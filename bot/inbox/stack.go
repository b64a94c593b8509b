package inbox

import (
	"fmt"
	"runtime"
	"strings"
)

// stack names the functions and lines below a panic. Unlike debug.Stack it
// holds no argument values, and unlike the panic's value no text of a person.
func stack() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	var b strings.Builder
	for {
		f, more := frames.Next()
		fmt.Fprintf(&b, "%s:%d ", f.Function, f.Line)
		if !more {
			return b.String()
		}
	}
}
