// Tests that start processes and databases wait for them; how long that takes is the machine's business, not the test's.
jest.setTimeout(60_000);
