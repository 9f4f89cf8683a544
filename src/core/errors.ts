/**
 * Every failure the program can explain. The code says what went wrong to a script, the message to a person, and the
 * hint what to do next. The command line maps the code to an exit code (see `exitCodeOf` in `cli.ts`).
 */
export type ErrorCode =
  // usage, config or input: exit 2
  | 'usage'
  | 'config_invalid'
  | 'config_env_missing'
  | 'provider_unknown'
  | 'provider_invalid'
  | 'event_unknown'
  | 'fixture_invalid'
  | 'secret_missing'
  | 'secret_malformed'
  | 'signing_impossible'
  | 'input_unreadable'
  | 'input_malformed'
  | 'edit_failed'
  | 'selection_empty'
  | 'selection_ambiguous'
  | 'port_in_use'
  | 'address_unavailable'
  | 'store_unreadable'
  | 'store_unwritable'
  | 'store_newer'
  | 'store_broken'
  | 'output_exists'
  | 'output_unwritable'
  | 'tunnel_unavailable'
  | 'queue_taken'
  // a target could not be reached or did not do what was expected: exit 4
  | 'target_unreachable'
  | 'expectation_failed'
  // exit 130
  | 'interrupted';

const MARK: unique symbol = Symbol.for('webhook-cli.error');

/**
 * The one error class of the program and the library.
 *
 * @example
 * try {
 *   sign({ provider: 'printon', body: '{}', secret });
 * } catch (error) {
 *   if (error instanceof WebhookError) console.error(error.code, error.hint);
 * }
 */
export class WebhookError extends Error {
  /** The program is several files that each hold this class, and a project may have two versions of the library. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && Reflect.get(value, MARK) === true;
  }

  override readonly name: 'WebhookError' = 'WebhookError';
  readonly code: ErrorCode;
  /** What to do next, as a sentence; null where there is nothing to add. */
  readonly hint: string | null;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    Object.defineProperty(this, MARK, { value: true });
    this.code = code;
    this.hint = options.hint ?? null;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return isError(error) ? error.message : String(error);
}

/** Asked so that an error of another realm is one too: test runners give tests globals of their own, and Node throws its own. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

/** The system's code of an error (`ENOENT`); null where it has none. */
export function codeOf(error: unknown): string | null {
  return isError(error) && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
