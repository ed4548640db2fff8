import { Controller } from '@nestjs/common';
import {
  AskReconciliation,
  Failure,
  ReconcileStock,
  ReconciliationRun,
} from '@tillbridge/contracts';
import { Answers } from '@tillbridge/messaging';
import { Database } from '@tillbridge/postgres';
import { readDifferenceRows } from './difference-rows.js';
import { ReconciliationRuns } from './reconciliation-runs.js';

const ROWS = 100;

type RunRow = Omit<ReconciliationRun, 'startedAt' | 'finishedAt' | 'rows'> & {
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
};

/** Comparisons on demand, and what they found. */
@Controller()
export class ReconciliationQueries {
  constructor(
    private readonly database: Database,
    private readonly runs: ReconciliationRuns,
  ) {}

  @Answers(ReconcileStock)
  async reconcile({ scope }: ReconcileStock): Promise<ReconciliationRun> {
    return this.read(await this.runs.begin(scope, 'person'));
  }

  @Answers(AskReconciliation)
  async run({ runId }: AskReconciliation): Promise<ReconciliationRun> {
    return this.read(runId);
  }

  private async read(runId: string | undefined): Promise<ReconciliationRun> {
    const [run] = await this.database.query<RunRow>(
      `select run_id as "runId", scope, asked_by as "askedBy", started_at as "startedAt",
              finished_at as "finishedAt", complete, pairs, differences
         from reconciliation_run where $1::uuid is null or run_id = $1
        order by started_at desc limit 1`,
      [runId ?? null],
    );
    if (run === undefined) throw new Failure('not-found', 'never', 'there was no such comparison');
    const rows = await readDifferenceRows(
      this.database,
      'run_id = $1 order by first_seen_at, connection_id, place, sku limit $2',
      [run.runId, ROWS],
    );
    return Object.assign(new ReconciliationRun(), {
      ...run,
      startedAt: run.startedAt.toISOString(),
      finishedAt: run.finishedAt?.toISOString() ?? null,
      rows,
    });
  }
}
