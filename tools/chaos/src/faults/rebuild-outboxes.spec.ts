import { SERVICES, type ServiceName } from '@tillbridge/contracts';
import { rebuildOutboxes } from './rebuild-outboxes.js';

type Queries = Parameters<typeof rebuildOutboxes>[0];

const SINCE = new Date(0);
const going = new AbortController().signal;

/** Services whose streams were lost, each as a row of answers to whether it says so. */
function aHub(answers: Partial<Record<ServiceName, (boolean | Error)[]>>): {
  queries: Queries;
  rebuilt: ServiceName[];
} {
  const rebuilt: ServiceName[] = [];
  const queries = {
    isRaised: (_code: string, service: ServiceName) => {
      const answer = (answers[service] ??= [true, false]).shift() ?? false;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    rebuild: (service: ServiceName) => {
      rebuilt.push(service);
      return Promise.resolve(10);
    },
  };
  return { queries: queries as unknown as Queries, rebuilt };
}

const inAMinute = (): number => Date.now() + 60_000;

describe('the rebuild after a wipe', () => {
  it('is asked of every service that says that its streams were lost', async () => {
    const { queries, rebuilt } = aHub({});
    expect(await rebuildOutboxes(queries, SINCE, inAMinute(), going)).toBe(50);
    expect(rebuilt.toSorted()).toEqual([...SERVICES].toSorted());
  });

  it('waits for a service that is away, and for one that has not noticed yet', async () => {
    const { queries, rebuilt } = aHub({
      orders: [new Error('away'), true, false],
      payments: [false, true, false],
    });
    await rebuildOutboxes(queries, SINCE, inAMinute(), going);
    expect(rebuilt).toHaveLength(SERVICES.length);
  });

  it('names a service that never notices', async () => {
    const { queries } = aHub({ payments: [] });
    await expect(rebuildOutboxes(queries, SINCE, Date.now() + 1_200, going)).rejects.toThrow(
      'payments never said that its streams were lost',
    );
  });
});
