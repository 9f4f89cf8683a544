/** The reports that `check` writes beside what it says. */
import { appendFile } from 'node:fs/promises';
import type { CheckReport } from '../../../core/check/model.js';
import { messageOf, WebhookError } from '../../../core/errors.js';
import { orList } from '../../../core/nearest.js';
import { repositoryFile } from '../../../io/project.js';
import { filled, type Session } from '../session.js';

const FORMATS = ['junit', 'markdown', 'sarif'] as const;
type Format = (typeof FORMATS)[number];

export function reportTarget(text: string): { format: Format; path: string } {
  const equals = text.indexOf('=');
  const format = FORMATS.find((name) => name === text.slice(0, equals));
  const path = text.slice(equals + 1);
  if (format !== undefined && path !== '') return { format, path };
  throw new WebhookError('usage', `'${text}' is not a report.`, {
    hint: `Write it like --report junit=webhook.xml; there are ${orList(FORMATS)}.`,
  });
}

export async function writeReport(
  session: Session,
  format: Format,
  path: string,
  report: CheckReport,
  strict: boolean,
): Promise<void> {
  const { writeOutput } = await import('../../../io/files.js');
  await writeOutput(path, await written(session, format, report, strict), { force: true, cwd: session.context.cwd });
}

async function written(session: Session, format: Format, report: CheckReport, strict: boolean): Promise<string> {
  switch (format) {
    case 'junit':
      return (await import('../../../render/reports/junit.js')).junitReport(report, { strict });
    case 'markdown':
      return (await import('../../../render/reports/markdown.js')).markdownReport(report);
    case 'sarif':
      return (await import('../../../render/reports/sarif.js')).sarifReport(
        report,
        WEBHOOK_VERSION,
        repositoryFile(session.context, session.config.path),
      );
  }
}

/** In a GitHub workflow: annotations beside the run, and the report as the summary of the job. */
export async function tellGithub(session: Session, report: CheckReport): Promise<void> {
  const { env } = session.context;
  if (env.GITHUB_ACTIONS !== 'true') return;
  const { githubAnnotations } = await import('../../../render/reports/github.js');
  session.renderer.annotations(githubAnnotations(report));
  const summary = filled(env.GITHUB_STEP_SUMMARY);
  if (summary === undefined) return;
  try {
    await appendFile(summary, await written(session, 'markdown', report, false));
  } catch (error) {
    session.renderer.warning({
      code: 'no_summary',
      message: `The job summary could not be written: ${messageOf(error)}.`,
      hint: null,
    });
  }
}
