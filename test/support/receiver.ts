import { onTestFinished } from 'vitest';
import type { Problem, Received } from '../../src/io/exchange.js';
import { openReceiver, type Receiver, type ReceiverOptions } from '../../src/io/receiver.js';

/** A receiver on a port of its own that is gone after the test, and what it told. */
export interface WatchedReceiver {
  readonly receiver: Receiver;
  readonly received: Received[];
  readonly problems: Problem[];
  /** Resolves with the next problem of this code, or the first one there was. */
  problem(code: Problem['code']): Promise<Problem>;
}

export async function watchedReceiver(
  options: Pick<ReceiverOptions, 'handle' | 'maxBody' | 'now'> & Partial<ReceiverOptions>,
): Promise<WatchedReceiver> {
  const received: Received[] = [];
  const problems: Problem[] = [];
  let wake = (): void => {};
  const receiver = await openReceiver({
    host: '127.0.0.1',
    port: 0,
    onProblem(problem) {
      problems.push(problem);
      wake();
    },
    ...options,
    handle(each, waiting) {
      received.push(each);
      return options.handle(each, waiting);
    },
  });
  onTestFinished(() => receiver.close());
  return {
    receiver,
    received,
    problems,
    async problem(code) {
      for (;;) {
        const found = problems.find((each) => each.code === code);
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
