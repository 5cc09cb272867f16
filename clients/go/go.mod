module bounced

go 1.19
