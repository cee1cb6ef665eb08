// The wire itself: ends of the server, of pages, of calls.
import { expect } from '../fixtures/test.ts';
import { WireHost } from '../fixtures/wire-host.ts';
import { HIDDEN, test } from '../fixtures/wire-people.ts';

test('a page that was reloaded gets what it missed, once, and a late one where things stand', async ({
  host,
}) => {
  const ann = await host('Ann');
  await ann.join();
  const { n: seen } = await ann.told('join');
  const ben = await host('Ben');
  await ben.join();
  const { n: missed } = await ann.told('newPeer');
  const [welcome] = await ann.welcomes();
  const before = (await ann.events()).length;
  await ann.greet({ resumeFrom: seen, session: welcome?.session });
  await expect.poll(async () => (await ann.events()).length).toBe(before + missed - seen);
  expect((await ann.events()).at(-1)).toMatchObject({ event: 'newPeer', n: missed });
  await ann.greet();
  await expect.poll(async () => (await ann.names()).slice(-3)).toEqual(['ready', 'readyToJoin', 'join']);
  expect((await ann.events()).slice(-3).every((one) => one.again)).toBe(true);
  // the new port is the one that counts
  await ann.does('changeDisplayName', 'Ann');
});

test('two frames on one page do not mix, and only the page around a frame is heard', async ({
  people,
  room,
  server,
}) => {
  const source = (name: string): string =>
    `${server.origin}/call/?roomId=${room}&displayName=${name}&${HIDDEN}`;
  const ann = await WireHost.open(await people.arrive(), [source('Ann'), source('Ben')]);
  const ben = ann.frame(1);
  await ben.told('ready');
  const annId = await ann.join();
  const benId = await ben.join();
  expect(annId).not.toBe(benId);
  await ann.does('enableMic');
  await ben.told('switchOnMic', { peerId: annId });
  expect(await ben.call('isMicroEnabled')).toEqual({ value: false });
  // a greeting of the frame beside, which is of the server's own origin
  const before = (await ann.welcomes()).length;
  await ben.document.evaluate(() => {
    const { port1, port2 } = new MessageChannel();
    Object.assign(window, { answered: false });
    port1.onmessage = () => Object.assign(window, { answered: true });
    window.parent.frames[0]?.postMessage({ meetframe: 'hello', version: 1 }, '*', [port2]);
  });
  await ann.does('disableMic');
  expect(await ben.document.evaluate(() => 'answered' in window && window.answered)).toBe(false);
  expect((await ann.welcomes()).length).toBe(before);
  // but for the mark of a frame, nothing goes without the private port
  const posted = await ann.person.page.evaluate(() => window.posted);
  expect(posted).not.toEqual([]);
  for (const message of posted) expect(message).toEqual({ meetframe: 'here', version: 1 });
  await ann.close();
});

test('what is no call is answered with its fault', async ({ host }) => {
  const ann = await host('Ann');
  await ann.fails('unknown_method', 'selfDestruct');
  await ann.fails('not_joined', 'disableAllMics');
  await ann.fails('not_joined', 'sendMessage', 'hello');
  await ann.fails('not_joined', 'enablePin', 'somebody');
  await ann.join();
  await ann.fails('chat_text', 'sendMessage', '  ');
  await ann.fails('bad_data', 'enablePin', { peerId: 'x' });
});
