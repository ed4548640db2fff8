import logUpdate from 'log-update';
import { EventTail } from '../view/event-tail.js';
import { liveView } from '../view/live-view.js';
import { runDay, type DayOptions, type RunningDay } from './run-day.js';

const DRAW_EVERY_MS = 1_000;
const HUMAN_PACE_MS = 2_500;

export type LiveOptions = Omit<DayOptions, 'paceMs' | 'report' | 'onTrade'> & {
  readonly say: (line: string) => void;
};

/** A day at human pace, looked at in the terminal, until it ends or is stopped. */
export async function runLive(options: LiveOptions): Promise<void> {
  let drawing: NodeJS.Timeout | undefined;
  const onTrade = (running: RunningDay): void => {
    const { url, user, password } = running.hub.embedded.monitor;
    options.say(
      `Watch the events with any NATS client:\n` +
        `  nats sub 'evt.>' --server ${url} --user ${user} --password ${password}`,
    );
    const tail = new EventTail(running.hub.monitor);
    const draw = async (): Promise<void> => {
      const lines = await liveView(running, tail);
      if (process.stdout.isTTY) logUpdate(lines.join('\n'));
      else for (const line of lines) options.say(line);
    };
    const everyMs = process.stdout.isTTY ? DRAW_EVERY_MS : DRAW_EVERY_MS * 15;
    drawing = setInterval(() => void draw().catch(() => undefined), everyMs);
  };
  try {
    const report = await runDay({
      ...options,
      paceMs: HUMAN_PACE_MS,
      report: options.say,
      onTrade,
    });
    options.say(report.ok ? 'The day is over and balances.' : 'The day is over and differs.');
  } catch (error) {
    if (options.signal?.aborted !== true) throw error;
    options.say('Stopped.');
  } finally {
    clearInterval(drawing);
    if (process.stdout.isTTY) logUpdate.done();
  }
}
