// The levels of a connection's quality, as the page hears them when the line
// really loses packets.
import { test } from '../fixtures/away.ts';
import { BridgeHost, Driven, page } from '../fixtures/bridge-host.ts';
import { expectSees } from '../fixtures/expectations.ts';
import { canMakeNamespaces } from '../fixtures/namespace.ts';
import { address } from '../fixtures/people.ts';
import { expect } from '../fixtures/test.ts';

/** A level is believed after some seconds of reports. */
const LEVEL_LIMIT_MS = 30_000;

test.skip(!canMakeNamespaces, 'network namespaces need root');

test('the quality of a line is told when it gets worse and better', async ({ net, room }) => {
  test.setTimeout(90_000);
  const { origin } = net.server;
  const src = origin + address({ room, query: 'nameScreenDisabled=true&displayName=Ann' });
  const host = await BridgeHost.serve({ '/': page({ src, library: `${origin}/meetBridgeApi.js` }) });
  const ann = await (await Driven.open(await net.home.arrive(), `${host.origin}/`)).join();
  const ben = await net.away.join('Ben', { room });
  await expectSees(ben, 'Ann');
  const { data } = await ann.event('newPeer', { displayName: 'Ben' });
  const told = async (): Promise<unknown[]> =>
    ann.page.evaluate(
      (peerId) => window.seen.filter(({ event, data: about }) => event === 'connectionQuality' && about.peerId === peerId).map(({ data: about }) => about.quality),
      data.peerId,
    );
  net.cable.loseUdp(30);
  await expect.poll(told, { timeout: LEVEL_LIMIT_MS }).toContain('poor');
  await ann.forget();
  net.cable.unblockUdp();
  await expect.poll(told, { timeout: LEVEL_LIMIT_MS }).toContain('good');
  await host.close();
});
