// Who comes, goes, is named, moderated and let in, by the wire.
import { expect } from '../fixtures/test.ts';
import { WireHost } from '../fixtures/wire-host.ts';
import { HIDDEN, test } from '../fixtures/wire-people.ts';

test('a page joins, sees who comes and goes, and leaves [method.join] [event.ready] [event.readyToJoin] [event.join] [event.newPeer] [event.peerClosed] [event.connectionClosed]', async ({
  host,
}) => {
  const ann = await host('Ann');
  const annId = await ann.join();
  expect(await ann.names()).toEqual(['ready', 'readyToJoin', 'join']);
  expect((await ann.told('join')).data).toEqual({ peerId: annId, displayName: 'Ann' });
  const ben = await host('Ben');
  const benId = await ben.join();
  expect((await ann.told('newPeer')).data).toEqual({ peerId: benId, displayName: 'Ben' });
  const { value } = await ben.call('participants');
  expect(value).toMatchObject([
    { peerId: annId, displayName: 'Ann', me: false, role: 'participant', camera: false },
    { peerId: benId, displayName: 'Ben', me: true, microphone: false, share: false },
  ]);
  await ben.does('leave');
  expect((await ben.told('left')).data).toEqual({ reason: 'left', by: 'host', canRejoin: true });
  expect((await ben.names()).slice(-2)).toEqual(['connectionClosed', 'left']);
  expect((await ann.told('peerClosed')).data).toEqual({ peerId: benId, displayName: 'Ben' });
  const numbers = (await ann.events()).map((one) => one.n);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  await ben.does('join');
  await ann.told('newPeer', { peerId: benId });
});

test('a name changes for all [method.changeDisplayName]', async ({ people, room, server }) => {
  const source = `${server.origin}/call/?roomId=${room}&${HIDDEN}`;
  const ann = await WireHost.open(await people.arrive(), source);
  await ann.does('changeDisplayName', 'Ann');
  await ann.join();
  const ben = await people.join('Ben', { room, camera: false });
  await expect(ben.meeting.tile('Ann')).toBeVisible();
  await ann.does('changeDisplayName', 'Ann Marie');
  await expect(ben.meeting.tile('Ann Marie')).toBeVisible();
  await ann.fails('bad_data', 'changeDisplayName', 7);
  await ann.close();
});

test('a moderator switches others off, and nobody else may [method.disabledTrackByModerator] [method.disableAllMics] [method.disableAllCameras] [event.connectionError]', async ({
  host,
  link,
}) => {
  const mo = await link('--role', 'moderator', '--name', 'Mo');
  mo.person.watch.expect(/server refused: NoSuchParticipant/);
  const moId = await mo.join();
  const ben = await host('Ben');
  const benId = await ben.join({ video: true, audio: true });
  await mo.told('switchOnMic', { peerId: benId });
  await mo.told('switchOnCamera', { peerId: benId });
  await mo.does('disabledTrackByModerator', { userPeerId: benId, kind: 'audio' });
  await ben.told('switchOffMic', { peerId: benId });
  await mo.does('disabledTrackByModerator', { userPeerId: benId, kind: 'video' });
  await ben.told('switchOffCamera', { peerId: benId });
  expect(await ben.call('isCameraEnabled')).toEqual({ value: false });
  await ben.does('enableMic');
  await ben.does('enableWebcam');
  const offs = async (name: string): Promise<number> =>
    (await ben.names()).filter((one) => one === name).length;
  await mo.does('disableAllMics');
  await expect.poll(() => offs('switchOffMic')).toBe(2);
  await mo.does('disableAllCameras');
  await expect.poll(() => offs('switchOffCamera')).toBe(2);
  const gone = { userPeerId: 'nobody', kind: 'audio' };
  await mo.fails('no_such_participant', 'disabledTrackByModerator', gone);
  const error = await mo.told('connectionError');
  expect(error.data).toMatchObject({ peerId: moId, code: 'no_such_participant' });
  expect(String(error.data.error)).not.toBe('');
  await ben.fails('forbidden', 'disableAllMics');
  await ben.fails('forbidden', 'disableAllCameras');
  await ben.fails('forbidden', 'setWaitingRoom', true);
  await ben.fails('forbidden', 'disabledTrackByModerator', { userPeerId: moId, kind: 'video' });
});

test('messages, hands, and the waiting room are there besides', async ({ host, link }) => {
  const mo = await link('--role', 'moderator', '--name', 'Mo', '--hand');
  const moId = await mo.join();
  const ben = await host('Ben', '&handEnabled=true');
  const benId = await ben.join();
  await ben.does('sendMessage', 'Good morning');
  expect((await mo.told('message')).data).toMatchObject({
    peerId: benId,
    displayName: 'Ben',
    text: 'Good morning',
  });
  await ben.does('raiseHand');
  await mo.told('handRaised', { peerId: benId });
  await mo.does('lowerHand', benId);
  await ben.told('handLowered', { peerId: benId });
  await mo.does('setWaitingRoom', true);
  const zoe = await host('Zoe');
  await zoe.told('readyToJoin');
  const joining = zoe.call('join');
  const { data } = await mo.told('waiting', { displayName: 'Zoe' });
  await zoe.told('waiting');
  await mo.does('admit', data.peerId);
  expect(await joining).toEqual({ value: true });
  await mo.told('waitingGone', { displayName: 'Zoe' });
  await mo.does('remove', data.peerId);
  expect((await zoe.told('left')).data).toEqual({
    reason: 'removed',
    by: 'moderator',
    canRejoin: true,
  });
  await ben.fails('forbidden', 'remove', moId);
  const uma = await host('Uma');
  uma.person.watch.expect(/server refused: Rejected/);
  await uma.told('readyToJoin');
  const refused = uma.call('join');
  const waiting = await mo.told('waiting', { displayName: 'Uma' });
  await mo.does('reject', waiting.data.peerId);
  expect((await refused).error?.code).toBe('rejected');
});
