// Different browsers in one meeting.
import { networkInterfaces } from 'node:os';
import { expectSees } from '../fixtures/expectations.ts';
import { hasFirefox, launchFirefox } from '../fixtures/firefox.ts';
import { People } from '../fixtures/people.ts';
import { received } from '../fixtures/probe.ts';
import { MeetframeServer } from '../fixtures/server.ts';
import { expect, test } from '../fixtures/test.ts';

/** Firefox does not use the loopback interface for media. */
const address = Object.values(networkInterfaces())
  .flat()
  .find((one) => one?.family === 'IPv4' && !one.internal)?.address;

test.skip(!hasFirefox, 'Firefox is not installed');
test.skip(!address, 'the machine has no network interface but loopback');

test('somebody with Firefox and somebody with Chromium see and hear each other', async ({
  browser,
  room,
}) => {
  const server = await MeetframeServer.start({ listen: '0.0.0.0', announce: address ?? '' });
  const firefox = await launchFirefox();
  const people = new People(browser, server.origin);
  const fox = await people.join('Fox', { room }, { browser: firefox, permissions: [] });
  const ann = await people.join('Ann', { room });
  await expectSees(ann, 'Fox');
  await expectSees(fox, 'Ann');
  for (const person of [ann, fox]) {
    const before = (await received(person.page)).audioBytes;
    await expect
      .poll(async () => (await received(person.page)).audioBytes)
      .toBeGreaterThan(before + 2_000);
  }
  await ann.meeting.leave();
  await expect(fox.meeting.tile('Ann')).toHaveCount(0);
  const { problems } = people;
  await people.dispose();
  await firefox.close();
  await server.dispose();
  expect(problems).toEqual([]);
});
