import type { Output } from '../context.js';
import { type Line, paintLine } from './layout.js';
import { createLineWriter, type LineWriter, type LineWriterOptions } from './output.js';
import { createProgress } from './progress.js';
import type { Problem, RendererOptions, Speaker } from './renderer.js';
import { createScreen, type Screen, type ScreenOptions } from './screen.js';
import { asciiOnly, safeBlock, safeLine, wrapWords } from './terminal.js';
import { canUnicode, loadPainter, type Style, wantsColor } from './theme.js';
import { verdictLines } from './verdict.js';

/** What of a request people are shown, and how a writer is set up that has much to say. */
export type SpeechOptions = Pick<ScreenOptions, 'headers' | 'url' | 'body'> & Pick<LineWriterOptions, 'skipBeyond' | 'skipped'>;

/** What everything that is said to people is said with. */
export interface Speech {
  readonly screen: Screen;
  /** Of stderr. */
  readonly side: Screen;
  readonly out: LineWriter;
  readonly err: LineWriter;
  print(lines: Iterable<Line>): void;
  /** To stderr; what stdout has to say was said before. */
  tell(lines: Iterable<Line>): void;
  readonly speaker: Speaker;
}

/** Says a little to people: no request is shown. */
export async function createHumanSpeaker(options: RendererOptions): Promise<Speaker> {
  return (await openSpeech(options, { headers: (headers) => headers, url: (url) => url, body: (body) => body })).speaker;
}

export async function openSpeech(options: RendererOptions, { headers, url, body, ...writing }: SpeechOptions): Promise<Speech> {
  const { stdout, stderr, env, quiet } = options;
  const unicode = canUnicode(env, options.platform ?? process.platform);
  const colored = { out: wantsColor(options.color, env, stdout), err: wantsColor(options.color, env, stderr) };
  const painter = colored.out || colored.err ? await loadPainter() : null;
  const { now, timeZone = null } = options;
  const screenOf = (stream: Output, color: boolean): Screen =>
    createScreen({ stream, env, unicode, painter: color ? painter : null, timeZone, now, headers, url, body });
  const screen = screenOf(stdout, colored.out);
  const side = screenOf(stderr, colored.err);

  const progress = createProgress(stderr, side, !quiet && env.TERM !== 'dumb');
  const around = { before: progress.clear, after: progress.draw };
  const { onClosed } = options;
  const out = createLineWriter(stdout, { ...around, ...writing, ...(onClosed === undefined ? {} : { onClosed }) });
  const err = createLineWriter(stderr, around);

  const painted = (line: Line, on: Screen): string => {
    const text = paintLine(line, on.theme);
    return unicode ? text : asciiOnly(text);
  };
  const print = (lines: Iterable<Line>): void => {
    for (const line of lines) out.line(painted(line, screen));
  };
  const tell = (lines: Iterable<Line>): void => {
    out.push();
    for (const line of lines) err.line(painted(line, side));
    err.push();
  };
  const problem = (label: string, style: Style, { message, hint }: Problem): void => {
    const room = side.foldWidth - label.length - 2;
    const lines: Line[] = wrapWords(safeLine(message), room).map((row, index) =>
      index === 0 ? [[`${label}:`, style], [` ${row}`]] : [[' '.repeat(label.length + 2) + row]],
    );
    if (hint !== null)
      for (const row of wrapWords(safeBlock(hint), room)) lines.push([[' '.repeat(label.length + 2)], [row, 'dim']]);
    tell(lines);
  };
  const info = (text: string): void => {
    if (!quiet) tell(wrapWords(safeBlock(text), side.foldWidth).map((row): Line => [[row, 'dim']]));
  };
  const speaker: Speaker = {
    json: false,
    hide: () => undefined,
    signedHeaders: (signed) =>
      print(signed.map(([name, value]): Line => [[safeLine(name), 'key'], [': ', 'dim'], [safeLine(value)]])),
    verdict: (verdict, about) => print(verdictLines(verdict, about, screen)),
    warning: (warning) => problem('warning', 'warn', warning),
    error: (error) => problem('error', 'bad', error),
    info,
    done: (sentence) => info(sentence),
    progress: (label) => progress.start(label),
    async flush() {
      await Promise.all([out.flush(), err.flush()]);
    },
  };
  return { screen, side, out, err, print, tell, speaker };
}
