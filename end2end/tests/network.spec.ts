// The network itself is cut: one person's browser runs in a network namespace
// whose cable we hold in our hands.
import { test } from '../fixtures/away.ts';
import { expectHears, expectSees } from '../fixtures/expectations.ts';
import { canMakeNamespaces } from '../fixtures/namespace.ts';
import { expect } from '../fixtures/test.ts';

const NETWORK_IS_AWAY = /WebSocket connection to|Failed to load resource|ERR_/;

test.skip(!canMakeNamespaces, 'network namespaces need root');

test('blocked UDP comes back by itself', async ({ net, room }) => {
  const ann = await net.home.join('Ann', { room });
  const ben = await net.away.join('Ben', { room });
  await expectSees(ann, 'Ben');
  await expectSees(ben, 'Ann');
  net.cable.blockUdp();
  await expect
    .poll(() => connectionStates(ben.page), { timeout: 20_000 })
    .not.toContain('connected');
  net.cable.unblockUdp();
  await expectSees(ben, 'Ann');
  await expectSees(ann, 'Ben');
  await expectHears(ben);
  // for the others it was no event: they made no new offer
  expect(await ann.page.evaluate(() => window.probe.offers)).toBe(1);
});

test('a changed address is followed', async ({ net, room }) => {
  const ann = await net.home.join('Ann', { room });
  const ben = await net.away.join('Ben', { room });
  ben.watch.expect(NETWORK_IS_AWAY);
  await expectSees(ann, 'Ben');
  net.cable.changeAddress();
  // browsers notice a dead path after some seconds without an answer
  await expectSees(ben, 'Ann', 'camera', 25_000);
  await expectSees(ann, 'Ben', 'camera', 25_000);
  await ben.meeting.control('Turn microphone off').click();
  await expect(ann.meeting.tile('Ben')).toHaveAttribute('data-microphone', 'off', {
    timeout: 20_000,
  });
  await expectSees(ann, 'Ben');
});

function connectionStates(page: import('@playwright/test').Page): Promise<string[]> {
  return page.evaluate(() => window.probe.connections.map((one) => one.iceConnectionState));
}
