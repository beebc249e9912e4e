/**
 * For what is waited for until it is so: it takes a moment here, and a machine whose processors others want as well takes
 * many. No wait of a test is shorter (contracts/patience.test.ts).
 */
export const soon = { timeout: 60_000, interval: 20 };
