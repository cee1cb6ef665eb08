// Events over the ends of bridges, frames and pages: each once, and none of
// them silently lost.
import { test as real } from '../fixtures/bridge-host.ts';
import { call, expect, test, type Visit } from '../fixtures/bridge-visit.ts';

/** What the page keeps while it is loaded anew, as an option of the bridge. */
const KEPT = "resumeFrom: JSON.parse(sessionStorage.getItem('kept')) ?? undefined";

/** What was heard, as `n peerId`, a star before what follows lost events. */
const heard = ({ page }: Visit): Promise<string[]> =>
  page.evaluate(() => window.seen.map(({ n, data, missed }) => `${missed ? '*' : ''}${n} ${data.peerId}`));

const come = async (visit: Visit, ...peers: string[]): Promise<void> => {
  for (const peer of peers) await visit.inFrame(`tell('newPeer', { peerId: '${peer}' })`);
};

for (const [kind, kept] of [['position', 'bridge.position'], ['number', 'bridge.lastEvent']] as const) {
  test(`a page that is loaded anew with the ${kind} of before hears the new frame from its first event on`, async ({ visit }) => {
    await visit.open('', KEPT);
    await call(visit.page, 'echo');
    await come(visit, 'a', 'b', 'c');
    await expect.poll(() => heard(visit)).toEqual(['1 a', '2 b', '3 c']);
    await visit.page.evaluate(`sessionStorage.setItem('kept', JSON.stringify(${kept}))`);
    await visit.page.reload();
    await call(visit.page, 'echo');
    await come(visit, 'd', 'e');
    await expect.poll(() => heard(visit)).toEqual(['*1 d', '2 e']);
  });
}

test('a position of another load brings also what happened before the bridge was there', async ({ visit }) => {
  await visit.open();
  await call(visit.page, 'echo');
  await come(visit, 'a', 'b', 'c');
  await expect.poll(() => heard(visit)).toHaveLength(3);
  await visit.page.evaluate(async () => {
    window.bridge.destroy();
    window.seen.length = 0;
    window.bridge = new MeetIframeBridge({ element: '#meetframe', resumeFrom: { session: 'of before', n: 2 } });
    window.bridge.on('*', (data, meta) => void window.seen.push({ data: data as Record<string, unknown>, ...meta }));
    await window.bridge.call('echo' as never);
  });
  expect(await heard(visit)).toEqual(['*1 a', '2 b', '3 c']);
});

test('a bridge is told that the frame keeps less than it missed', async ({ visit }) => {
  await visit.open('first=4');
  await call(visit.page, 'echo');
  await come(visit, 'a', 'b', 'c', 'd', 'e');
  await expect.poll(() => heard(visit)).toHaveLength(5);
  const numbers = await visit.page.evaluate(async () => {
    const { session } = window.bridge.position;
    const resumed = async (n: number): Promise<unknown[]> => {
      const next = new MeetIframeBridge({ element: '#meetframe', resumeFrom: { session, n } });
      const told: unknown[] = [];
      next.on('newPeer', (_, meta) => told.push(meta.n, meta.missed));
      await next.call('echo' as never);
      next.destroy();
      return told;
    };
    window.bridge.destroy();
    return [await resumed(1), await resumed(3)];
  });
  expect(numbers).toEqual([[4, true, 5, false], [4, false, 5, false]]);
});

real('a page that is loaded anew in a meeting hears all of the new frame', async ({ embed, people, room }) => {
  const query = 'nameScreenDisabled=true&displayName=Ann';
  const ann = await (await embed({ room, query }, { bridge: KEPT })).join(false, false);
  await people.join('Ben', { room, camera: false, microphone: false });
  await ann.event('newPeer', { displayName: 'Ben' });
  await ann.page.evaluate("sessionStorage.setItem('kept', JSON.stringify(bridge.position))");
  await ann.page.reload();
  expect((await ann.event('ready')).missed).toBe(true);
  await ann.event('readyToJoin');
  await ann.join(false, false);
  await people.join('Carl', { room, camera: false, microphone: false });
  await ann.event('newPeer', { displayName: 'Carl' });
});
