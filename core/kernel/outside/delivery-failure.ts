/** A delivery that no further attempt can mend: the worker gives it up at once. */
export class PermanentFailure extends Error {}

/** The other side says that nobody can be reached at the address; with its codes, no text of its own. */
export class NoSuchAddress extends PermanentFailure {
  readonly codes: string;

  constructor(message: string, codes: string) {
    super(message);
    this.codes = codes;
  }
}

/** A delivery that may work later, and not before some time has passed. */
export class RetryLater extends Error {
  readonly retry_after_seconds: number;

  constructor(message: string, retry_after_seconds: number) {
    super(message);
    this.retry_after_seconds = retry_after_seconds;
  }
}

/** The other side takes nothing from anybody for so long: what else goes there waits, too. */
export class AllBusy extends RetryLater {}
