/** Whoever runs the tests may ask for colour; what they run prints as in a pipe, unless a test says otherwise. */
delete process.env["FORCE_COLOR"];
process.env["NO_COLOR"] = "1";
