/** How a description says where a value stands in a request, and what is put together from several. */

/**
 * Where a value stands in a request:
 *
 * - `header:Name` (name in any case), `query:name`, `form:name` (a field of a urlencoded body), `form:name#/json/pointer` (in
 *   the JSON that such a field holds)
 * - `body:/json/pointer` (RFC 6901)
 * - `item:t=` (the item with this prefix in the signature's own list, as in `t=1614556800,v1=…`)
 * - `each:/json/pointer` (in `event`, `eventId` and `sentAt` of a provider with a `batch`: within each event of it)
 */
export type Locator =
  | `header:${string}`
  | `query:${string}`
  | `form:${string}`
  | `body:${string}`
  | `item:${string}`
  | `each:${string}`;

/**
 * A locator, or a template of locators such as `{header:X-GitHub-Event}.{body:/action}`, which applies only where all
 * of its parts are there. `{?locator}` and `{?locator=value}` say that something must be there, or be just that, and
 * write nothing: `slash_command{?form:command}`, `PING{?body:/type=1}`. Of several, the first that applies is taken.
 */
export type Expression = string;

/** True where an expression is a bare locator, not a template of several. */
export function isLocator(expression: string): expression is Locator {
  return /^(header|body|query|form|item|each):/.test(expression);
}
