/** Runs tasks with at most `most` under way at once, started in the order they were asked for. */
export function createLimit(most: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: Array<() => void> = [];
  return async (task) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await task();
    } finally {
      // The place is handed on, not given back: else whoever asks just now would overtake those who wait.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
