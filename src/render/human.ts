import { Redactor } from '../core/delivery/redact.js';
import { type DeliverySummary, summaryOf } from '../core/delivery/summary.js';
import { grouped } from '../core/units.js';
import { listenSummaryLines, readyLines, resumeLines, sendSummaryLines } from './banner.js';
import { eventsLines, factLines, providerLines, providersLines } from './catalog.js';
import { groupLines, reportLines, resultLines } from './check.js';
import { attemptDetails, deliveryDetails, shownBody } from './details.js';
import { differenceLines, diffLines } from './diff.js';
import { attemptLines, challengeLines, deliveryLines, EVENT_INDENT } from './event-line.js';
import { fixturesLines, redactionsLines } from './fixtures.js';
import { foldLine, indent } from './layout.js';
import type { Renderer, RendererOptions } from './renderer.js';
import { requestLines, showLines } from './show.js';
import { openSpeech } from './speaker.js';
import { columnsFor, tableHead, tableRow } from './table.js';
import { safe, safeLine } from './terminal.js';
import { queueLines, tunnelLines, tunnelsLines } from './tunnel.js';

/** Beyond so many waiting characters, a terminal that does not keep up is told how many lines it missed. */
const SKIP_BEYOND = 8_000_000;
/** What came back to a delivery that was not taken as expected is shown, but not all of it. */
const ANSWER_ROWS = 8;

/** The renderer for people. */
export async function createHumanRenderer(options: RendererOptions): Promise<Renderer> {
  const { stdout, quiet, showSecrets } = options;
  const redactor = new Redactor();
  const { screen, side, out, err, print, tell, speaker } = await openSpeech(options, {
    headers: (headers) => (showSecrets ? headers : redactor.headers(headers)),
    url: (url) => (showSecrets ? url : redactor.url(url)),
    body: (body) => (showSecrets ? body : redactor.body(body)),
    // Only a terminal may miss lines; a file or a pipe gets them all.
    skipBeyond: stdout.isTTY === true ? SKIP_BEYOND : null,
    skipped: (count) => `  ${screen.theme.marks.ellipsis} ${grouped(count)} lines skipped`,
  });
  const table = async (rows: Iterable<DeliverySummary> | AsyncIterable<DeliverySummary>): Promise<void> => {
    const columns = columnsFor(screen.width);
    let any = false;
    for await (const row of rows) {
      if (out.closed) return;
      if (!any) print([tableHead(columns)]);
      any = true;
      print([tableRow(row, columns, screen)]);
      await out.room();
    }
    if (!any && !quiet) tell([[['No deliveries.', 'dim']]]);
  };

  let provider: string | null = null;
  let group: string | null = null;
  let shown = false;
  return {
    ...speaker,
    hide: (places) => redactor.hide(places),
    ready(info) {
      provider = info.provider;
      if (!quiet) tell(readyLines(info, options.cwd ?? null, side));
    },
    delivery(delivery, { print: parts, note }) {
      print(deliveryLines(delivery, screen, { known: provider, note: note ?? null }));
      const details = deliveryDetails(delivery, parts, screen, EVENT_INDENT);
      if (details.length > 0) print([...details, []]);
    },
    challenge: (challenge) => print(challengeLines(challenge, screen, provider)),
    tunnel(state) {
      // What is down or has changed is no banner.
      if (!quiet || state.state !== 'up') tell(tunnelLines(state, side));
    },
    queue(state) {
      const bad = state.state === 'waiting' || (state.state === 'empty' && state.failed > 0);
      if (!quiet || bad) tell(queueLines(state, side));
    },
    listenSummary(summary) {
      if (!quiet) tell([[], ...listenSummaryLines(summary, side)]);
    },
    // What is wrong is said as an error, and of what is right there is nothing to say.
    arrivals: () => undefined,
    attempt(delivery, attempt, outcome) {
      print(attemptLines(delivery, attempt, outcome, screen));
      if (outcome.ok || attempt.outcome === 'failed') return;
      if (outcome.differences !== undefined) {
        print(differenceLines(outcome.differences, screen, EVENT_INDENT, ANSWER_ROWS * 2));
        return;
      }
      print(
        attemptDetails(attempt, screen, { width: screen.foldWidth - EVENT_INDENT, maxRows: ANSWER_ROWS }).map((line) =>
          indent(line, EVENT_INDENT),
        ),
      );
    },
    sendSummary(summary) {
      if (!quiet && (summary.sent !== 1 || (summary.details?.attempts ?? 0) > 1)) tell([[], ...sendSummaryLines(summary, side)]);
      if (summary.resume !== undefined) tell(resumeLines(summary, summary.resume));
    },
    request: (request) => print(requestLines(request, screen)),
    // A pipe gets the command as it is, to be run; a terminal gets nothing it would obey.
    curl: (command) => out.line(stdout.isTTY === true ? safe(command, { newlines: 'keep', tabs: 'keep' }) : command),
    checkResult(result) {
      if (result.group !== group) print(groupLines(result));
      group = result.group;
      print(resultLines(result, screen));
    },
    checkReport: (report) => print(reportLines(report, screen)),
    annotations(lines) {
      out.push();
      for (const line of lines) err.line(safeLine(line));
      err.push();
    },
    list: table,
    deliveries: (deliveries) => table(summariesOf(deliveries)),
    fixtures: (rows) => print(fixturesLines(rows, options.cwd ?? null, screen)),
    payload(message) {
      print(shownBody(message, screen, { width: screen.foldWidth, maxRows: 2_000, more: null }).lines);
    },
    redactions: (redactions) => print(redactionsLines(redactions, screen)),
    fault: ({ file, line, column, message }) =>
      print(foldLine([[safeLine(`${file}:${line}:${column}`), 'link'], [`: ${safeLine(message)}`]], screen.foldWidth, 4)),
    diff: (report) => print(diffLines(report, screen)),
    show(delivery, more) {
      print([...(shown ? [[]] : []), ...showLines(delivery, screen, more)]);
      shown = true;
    },
    providers: (providers) => print(providersLines([...providers], screen)),
    provider: (one) => print(providerLines(one, screen)),
    events: (events) => print(eventsLines([...events], screen)),
    tunnels: (tunnels) => print(tunnelsLines(tunnels, screen)),
    facts: (facts) => print(factLines(facts, screen)),
    room: () => out.room(),
  };
}

async function* summariesOf(deliveries: Parameters<Renderer['deliveries']>[0]): AsyncGenerator<DeliverySummary> {
  for await (const delivery of deliveries) yield summaryOf(delivery);
}
