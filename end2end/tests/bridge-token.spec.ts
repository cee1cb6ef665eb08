// Tokens that end, others in their place, and what each of them signs.
import { type Driven, test } from '../fixtures/bridge-host.ts';
import { expectSees } from '../fixtures/expectations.ts';
import { mint } from '../fixtures/mint.ts';
import type { Person } from '../fixtures/people.ts';
import type { MeetframeServer } from '../fixtures/server.ts';
import { expect } from '../fixtures/test.ts';

const DIRECT = 'nameScreenDisabled=true';

/** A token alone. */
function token(server: MeetframeServer, room: string, ...options: string[]): string {
  const link = mint(server, '--room', room, ...options);
  return new URLSearchParams(link.split('?')[1]).get('token') ?? '';
}

/** How many connections and sockets a frame has made. */
function made({ frame }: Driven): Promise<number[]> {
  return frame.evaluate(() => [window.probe.connections.length, window.probe.sockets]);
}

test('the end of a token is told ahead, and another one takes its place without a break [event.join]', async ({ embed, people, room, server }) => {
  const link = `${mint(server, '--room', room, '--peer-id', 'ann', '--expires', '90s')}&${DIRECT}&displayName=Ann`;
  const ann = await embed({ room }, { link });
  const soon = await ann.event('tokenExpiring');
  expect(soon.data.left).toBeLessThanOrEqual(90_000);
  expect((await ann.call('state')).tokenEndsAt).toBe(soon.data.endsAt);
  await ann.join(true, false);
  const ben = await people.join('Ben', { room });
  await expectSees(ben, 'Ann');
  expect(await ann.fails('disableAllMics')).toBe('forbidden');
  const before = await made(ann);
  const next = token(server, room, '--peer-id', 'ann', '--role', 'moderator', '--hand', '--name', 'Dr Ann');
  expect(await ann.call('setToken', next)).toBe(true);
  await ann.event('roleChanged', { peerId: 'ann', role: 'moderator' });
  await expect(ben.meeting.tile('Dr Ann')).toBeVisible();
  await expectSees(ben, 'Dr Ann');
  expect(await made(ann)).toEqual(before);
  const { role, tokenEndsAt } = await ann.call('state');
  expect(role).toBe('moderator');
  expect(tokenEndsAt).toBeGreaterThan(Date.now() + 3_600_000);
  expect(await ann.call('disableAllMics')).toBe(true);
  expect(await ann.call('raiseHand')).toBe(true);
  // it counts when joining again, and in a frame that is loaded anew
  await ann.call('leave');
  await ann.call('join', { constraints: { video: false, audio: false } });
  expect((await ann.call('state')).role).toBe('moderator');
  // that of the first load would do, too
  await ann.forget();
  await ann.frame.evaluate(() => location.reload());
  await ann.event('readyToJoin');
  await ann.call('join');
  expect((await ann.call('state')).role).toBe('moderator');
});

test('a token that is no good is refused, and the one before counts on', async ({ embed, room, server }) => {
  const link = `${mint(server, '--room', room, '--peer-id', 'ann', '--role', 'moderator')}&${DIRECT}`;
  const ann = await (await embed({ room }, { link })).join(false, false);
  ann.person.watch.expect(/server refused: (TokenInvalid|TokenRoom|Forbidden)/);
  expect(await ann.fails('setToken', 'no token')).toBe('token_invalid');
  expect(await ann.fails('setToken', token(server, `${room}-other`))).toBe('token_room');
  expect(await ann.fails('setToken', token(server, room, '--peer-id', 'ben'))).toBe('forbidden');
  expect(await ann.fails('setToken', '')).toBe('bad_data');
  expect((await ann.call('state')).role).toBe('moderator');
  await ann.call('leave');
  await ann.call('join', { constraints: { video: false, audio: false } });
  expect((await ann.call('state')).role).toBe('moderator');
});

test('a token that the door refuses leaves the one before [event.connectionError]', async ({ embed, room, server }) => {
  const link = `${mint(server, '--room', room, '--peer-id', 'ann', '--role', 'moderator')}&${DIRECT}`;
  const ann = await embed({ room }, { link });
  ann.person.watch.expect(/server refused: TokenRoom/);
  await ann.event('readyToJoin');
  expect(await ann.call('setToken', token(server, `${room}-other`))).toBe(true);
  const joined = async (): Promise<string | null> => {
    await ann.call('join', { constraints: { video: false, audio: false } });
    return (await ann.call('state')).role;
  };
  expect(await joined()).toBe('moderator');
  await ann.event('connectionError', { code: 'token_room' });
  // the address was not spoilt either
  await ann.forget();
  await ann.frame.evaluate(() => location.reload());
  await ann.event('readyToJoin');
  expect(await joined()).toBe('moderator');
  // one that the door takes is that of the address from then on
  await ann.call('leave');
  expect(await ann.call('setToken', token(server, room, '--peer-id', 'ann'))).toBe(true);
  expect(await joined()).toBe('participant');
  await ann.forget();
  await ann.frame.evaluate(() => location.reload());
  await ann.event('readyToJoin');
  expect(await joined()).toBe('participant');
});

test('somebody begins to interpret and ends it by tokens, for all to hear of', async ({ embed, room, server }) => {
  const link = `${mint(server, '--room', room, '--peer-id', 'ida', '--name', 'Ida')}&${DIRECT}`;
  const ida = await (await embed({ room }, { link })).join(true, true);
  const ann = await (await embed({ room, query: `${DIRECT}&displayName=Ann` })).join(false, false);
  const claims = ['--claim', 'featureInterpreters=true', '--claim', 'intLang="de"'];
  const speaks = token(server, room, '--peer-id', 'ida', '--role', 'interpreter', ...claims);
  const before = await made(ida);
  expect(await ida.call('setToken', speaks)).toBe(true);
  for (const page of [ida, ann]) {
    await page.event('roleChanged', { peerId: 'ida', role: 'interpreter' });
    await page.event('switchOffCamera', { peerId: 'ida' });
  }
  expect(await ida.call('isMicroEnabled')).toBe(true);
  expect(await ida.call('setToken', token(server, room, '--peer-id', 'ida'))).toBe(true);
  for (const page of [ida, ann]) await page.event('roleChanged', { peerId: 'ida', role: 'participant' });
  expect(await ida.call('enableWebcam')).toBe(true);
  await ann.event('switchOnCamera', { peerId: 'ida' });
  // the connection was the same throughout
  expect(await made(ida)).toEqual(before);
});

test('a page that was refused for its token opens with another', async ({ embed, room, server }) => {
  const prepare = async ({ watch }: Person): Promise<void> => watch.expect(/status of 401/);
  const ann = await embed({ room, query: `${DIRECT}&displayName=Ann&token=damaged` }, { prepare });
  expect((await ann.event('left')).data).toMatchObject({ reason: 'token_invalid', by: 'server' });
  expect(await ann.fails('join')).toBe('token_invalid');
  expect(await ann.call('setToken', token(server, room))).toBe(true);
  await ann.event('readyToJoin');
  await ann.join(false, false);
});

test('a name of the address may be changed, one that is signed not [method.changeDisplayName]', async ({ embed, people, room, server }) => {
  const ann = await (await embed({ room, query: `${DIRECT}&displayName=Ann` })).join(false, false);
  const ben = await people.join('Ben', { room });
  expect(await ann.call('changeDisplayName', 'Tom')).toBe(true);
  await expect(ben.meeting.tile('Tom')).toBeVisible();
  await ann.call('leave');
  await ann.call('join', { constraints: { video: false, audio: false } });
  await expect(ben.meeting.tile('Tom')).toBeVisible();
  const link = `${mint(server, '--room', room, '--name', 'Carl')}&${DIRECT}`;
  const carl = await (await embed({ room }, { link })).join(false, false);
  carl.person.watch.expect(/server refused: Forbidden/);
  expect(await carl.fails('changeDisplayName', 'Tim')).toBe('forbidden');
  await expect(ben.meeting.tile('Carl')).toBeVisible();
});
