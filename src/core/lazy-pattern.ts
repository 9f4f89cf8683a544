/**
 * A regular expression that is read when it is first used. V8 reads every literal of a file as it loads it, used or not, and one
 * with Unicode's properties (`\p{Mn}`) takes it milliseconds: as much as a hundred kilobytes of code.
 *
 * @example const MARK = lazyPattern(String.raw`^\p{Mn}$`, 'u'); // MARK().test(character)
 */
export function lazyPattern(source: string, flags: string): () => RegExp {
  let pattern: RegExp | undefined;
  return () => {
    pattern ??= new RegExp(source, flags);
    return pattern;
  };
}
