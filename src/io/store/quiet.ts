/**
 * Does some work, bit by bit, while there is nothing else to do.
 *
 * @param quietMs How long there was nothing before it begins, in milliseconds.
 * @param work Does a little of it. Resolves with false where there is no more for now.
 */
export function whenQuiet(quietMs: number, work: () => Promise<boolean>): QuietWork {
  let quiet = false;
  let ended = false;
  const timer = setTimeout(() => {
    quiet = true;
    step();
  }, quietMs).unref();
  function step(): void {
    work().then(
      (more) => {
        if (more && quiet) setImmediate(step);
        else if (more && !ended) timer.refresh();
      },
      // It is tried again after there was something to do.
      () => {},
    );
  }
  return {
    wait() {
      quiet = false;
      timer.refresh();
    },
    end() {
      quiet = false;
      ended = true;
      clearTimeout(timer);
    },
  };
}

export interface QuietWork {
  /** There is something else to do. */
  wait(): void;
  end(): void;
}
