package guard_test

import (
	"fmt"

	"firstline/bot/guard"
)

func ExampleClean() {
	fmt.Println(guard.Clean("I sent TxID 9f86d081 from 0x742d35Cc6634C0532925a3b844Bc9e7595f8bD19, my password is hunter2"))
	// Output: I sent TxID 9f86d081 from 0x742d35Cc6634C0532925a3b844Bc9e7595f8bD19, my password is [password removed] [password]
}

func ExampleName() {
	fmt.Println(guard.Name("  Alice\u202e \n pin 1234 "))
	// Output: Alice pin [code removed]
}
