// The network itself is cut: one person's browser runs in a network namespace
// whose cable we hold in our hands.
import { chromium as launcher, type Browser } from '@playwright/test';
import { chromium } from '../fixtures/browser.ts';
import { expectHears, expectSees } from '../fixtures/expectations.ts';
import { canMakeNamespaces, NetworkNamespace } from '../fixtures/namespace.ts';
import { People } from '../fixtures/people.ts';
import { MeetframeServer } from '../fixtures/server.ts';
import { expect, test as base } from '../fixtures/test.ts';

interface Away {
  /** People on the machine itself. */
  home: People;
  /** People behind the cable. */
  away: People;
  cable: NetworkNamespace;
}

const NETWORK_IS_AWAY = /WebSocket connection to|Failed to load resource|ERR_/;

const test = base.extend<{ net: Away }>({
  net: async ({ browser }, use) => {
    const cable = new NetworkNamespace();
    const server = await MeetframeServer.start({ listen: '0.0.0.0', announce: cable.hostAddress });
    const origin = `http://${cable.hostAddress}:${server.port}`;
    const there = await launchInside(cable, origin);
    const home = new People(browser, server.origin);
    const away = new People(there, origin);
    await use({ home, away, cable });
    const problems = [...home.problems, ...away.problems];
    await home.dispose();
    await away.dispose();
    await there.close();
    await server.dispose();
    cable.dispose();
    expect(problems, 'what browsers complained about').toEqual([]);
    expect(server.failuresSince(0), 'errors in the log of the server').toEqual([]);
  },
});

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

function launchInside(cable: NetworkNamespace, origin: string): Promise<Browser> {
  const { executablePath = '', args = [] } = chromium();
  return launcher.launch({
    executablePath: cable.wrap(executablePath),
    // browsers give cameras to HTTPS pages and to the machine's own only
    args: [...args, `--unsafely-treat-insecure-origin-as-secure=${origin}`],
  });
}

function connectionStates(page: import('@playwright/test').Page): Promise<string[]> {
  return page.evaluate(() => window.probe.connections.map((one) => one.iceConnectionState));
}
