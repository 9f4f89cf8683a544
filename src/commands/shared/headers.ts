import { WebhookError } from '../../core/errors.js';
import { type HeaderList, parseHeaderLine, textToHeader } from '../../core/http/headers.js';

/** The values of `-H`, sent in UTF-8. `Name:` (no value) drops the header. */
export function headerFlags(lines: readonly string[] | undefined): HeaderList {
  return (lines ?? []).map((line) => {
    const header = parseHeaderLine(textToHeader(line));
    if (header === null) {
      throw new WebhookError('usage', `'${line}' is not a header.`, {
        hint: "Write it like -H 'X-Name: value'; -H 'X-Name:' drops it.",
      });
    }
    return header;
  });
}
