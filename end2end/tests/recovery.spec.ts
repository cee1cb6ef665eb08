// The signaling socket is lost, or the server is: everybody is back by
// themselves, and nothing was missed.
import { expectHears, expectSees } from '../fixtures/expectations.ts';
import { offers, sockets, tileStream } from '../fixtures/probe.ts';
import { TcpProxy } from '../fixtures/proxy.ts';
import { expect, test as base } from '../fixtures/test.ts';

const test = base.extend<{ router: TcpProxy }>({
  router: async ({ server }, use) => {
    const router = await TcpProxy.before(server.port);
    await use(router);
    await router.close();
  },
});

/** What Chromium says by itself when an address does not answer. */
const SERVER_IS_AWAY = /WebSocket connection to|Failed to load resource|ERR_CONNECTION/;

test('a dropped socket comes back by itself while the picture goes on', async ({
  people,
  room,
  router,
}) => {
  const ann = await people.join('Ann', { room });
  const ben = await people.join('Ben', { room }, { origin: router.origin });
  ben.watch.expect(SERVER_IS_AWAY);
  await expectSees(ben, 'Ann');
  await expectSees(ann, 'Ben');
  const before = { sockets: await sockets(ben.page), frames: await frames(ann, 'Ben') };
  router.cut();
  await expect.poll(() => sockets(ben.page)).toBeGreaterThan(before.sockets);
  await expectSees(ann, 'Ben');
  await expectSees(ben, 'Ann');
  // one connection all the time, no new offer by anybody
  expect(await offers(ben.page)).toBe(1);
  expect(await offers(ann.page)).toBe(1);
  expect(await frames(ann, 'Ben')).toBeGreaterThan(before.frames);
  // signaling works again
  await ben.meeting.control('Turn camera off').click();
  await expect(ann.meeting.tile('Ben')).toHaveAttribute('data-camera', 'off');
});

test('who joins while the server is away is told so, and gets in by themselves', async ({
  people,
  room,
  router,
}) => {
  const ann = await people.arrive({ origin: router.origin });
  ann.watch.expect(SERVER_IS_AWAY);
  await ann.open(`/call/?roomId=${room}`);
  await expect(ann.prejoin.joinButton).toBeEnabled();
  router.block();
  await ann.prejoin.joinButton.click();
  await expect(ann.page.getByText(/server cannot be reached/)).toBeVisible();
  router.unblock();
  await expect(ann.meeting.toolbar).toBeVisible();
});

test('no chat message is missed or doubled while the socket is away', async ({
  people,
  room,
  router,
}) => {
  const silent = { room, camera: false, microphone: false };
  const ann = await people.join('Ann', silent);
  const ben = await people.join('Ben', silent, { origin: router.origin });
  ben.watch.expect(SERVER_IS_AWAY);
  await ann.meeting.openChat();
  await ben.meeting.openChat();
  await ann.meeting.say('before');
  await expect(ben.meeting.chat.getByText('before')).toBeVisible();
  router.block();
  await ann.meeting.say('while you were away');
  await ben.meeting.say('written without a connection');
  await expect(ben.page.getByText(/reconnecting/i).first()).toBeVisible();
  router.unblock();
  await expect(ben.meeting.chat.getByText('while you were away')).toHaveCount(1);
  await expect(ann.meeting.chat.getByText('written without a connection')).toHaveCount(1);
  await expect(ben.meeting.chat.getByText('written without a connection')).toHaveCount(1);
  await expect(ben.page.getByText(/reconnecting/i)).toHaveCount(0);
});

test('who joined and left meanwhile is known afterwards', async ({ people, room, router }) => {
  const silent = { room, camera: false, microphone: false };
  const ann = await people.join('Ann', silent);
  const ben = await people.join('Ben', silent, { origin: router.origin });
  ben.watch.expect(SERVER_IS_AWAY);
  await expect(ben.meeting.tile('Ann')).toBeVisible();
  router.block();
  await people.join('Cleo', silent);
  await ann.meeting.leave();
  await expect(ann.meeting.left).toBeVisible();
  router.unblock();
  await expect(ben.meeting.tile('Cleo')).toBeVisible();
  await expect(ben.meeting.tile('Ann')).toHaveCount(0);
});

test('a half-open socket is noticed and replaced', async ({ people, room, router }) => {
  const silent = { room, camera: false, microphone: false };
  await people.join('Ann', silent);
  const ben = await people.join('Ben', silent, { origin: router.origin });
  ben.watch.expect(SERVER_IS_AWAY);
  const before = await sockets(ben.page);
  router.freeze();
  await expect.poll(() => sockets(ben.page), { timeout: 25_000 }).toBeGreaterThan(before);
  const cleo = await people.join('Cleo', silent);
  await expect(ben.meeting.tile('Cleo')).toBeVisible();
  await expect(cleo.meeting.tile('Ben')).toBeVisible();
});

test('somebody whose browser is gone is gone for the others', async ({ people, room }) => {
  const silent = { room, camera: false, microphone: false };
  const ann = await people.join('Ann', silent);
  const ben = await people.join('Ben', silent);
  await expect(ann.meeting.tile('Ben')).toBeVisible();
  await ben.vanish();
  await expect(ann.meeting.tile('Ben')).toHaveCount(0, { timeout: 40_000 });
});

for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
  test(`after ${signal} and a new start of the server everybody is back`, async ({
    people,
    room,
    server,
  }) => {
    const ann = await people.join('Ann', { room });
    const ben = await people.join('Ben', { room });
    for (const person of [ann, ben]) person.watch.expect(SERVER_IS_AWAY);
    await expectSees(ann, 'Ben');
    await ann.meeting.openChat();
    await ann.meeting.say('before the restart');
    await expect(ann.meeting.chat.getByText('before the restart')).toBeVisible();
    await ben.meeting.control('Turn microphone off').click();
    await expect(ann.meeting.tile('Ben')).toHaveAttribute('data-microphone', 'off');

    await server.kill(signal);
    await expect(ann.page.getByText(/reconnecting|restart/i).first()).toBeVisible();
    await server.launch();

    await expectSees(ann, 'Ben');
    await expectSees(ben, 'Ann');
    await expectHears(ben);
    // with the devices as they were, and the chat
    await expect(ann.meeting.tile('Ben')).toHaveAttribute('data-microphone', 'off');
    await expect(ann.meeting.tiles).toHaveCount(2);
    await ben.meeting.openChat();
    await expect(ben.meeting.chat.getByText('before the restart')).toHaveCount(1);
  });
}

function frames(viewer: Parameters<typeof expectSees>[0], name: string): Promise<number> {
  return tileStream(viewer.meeting.video(name)).then((stream) => stream.frames);
}
