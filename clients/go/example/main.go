// go run ./example: suppresses an address, asks before sending, prints the last hard bounces.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"bounced"
)

func main() {
	ctx, client := context.Background(), bounced.New(os.Getenv("BOUNCED_URL"), os.Getenv("BOUNCED_TOKEN"), nil)
	if _, err := client.Suppress(ctx, "left@example.org", bounced.SuppressParams{Note: "asked by phone"}); err != nil {
		log.Fatal(err)
	}
	check, err := client.CheckSuppression(ctx, "left@example.org", bounced.CheckSuppressionParams{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(check.Suppressed)
	page, err := client.SearchEvents(ctx, bounced.SearchEventsParams{Severity: []string{"hard"}, Limit: 10})
	if err != nil {
		log.Fatal(err)
	}
	for _, event := range page.Events {
		fmt.Println(*event.Recipient.Mailed, event.Reason)
	}
}
