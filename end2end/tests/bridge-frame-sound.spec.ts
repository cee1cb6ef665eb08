// What is heard of others, by the wire.
import { expect } from '../fixtures/test.ts';
import { WireHost } from '../fixtures/wire-host.ts';
import { HIDDEN, test } from '../fixtures/wire-people.ts';

test('sound that waits for a click is told, and starts by the page [method.playAudio] [event.playingAudioPrevent]', async ({
  people,
  room,
  server,
}) => {
  await people.join('Ben', { room, camera: false });
  const source = `${server.origin}/call/?roomId=${room}&${HIDDEN}`;
  // without autoplay in the list, only a click within the frame counts
  const allow = 'camera; microphone';
  const ann = await WireHost.open(await people.arrive(), source, { allow });
  await ann.join();
  await ann.told('playingAudioPrevent');
  await ann.fails('gesture_required', 'playAudio');
  expect((await ann.call('diagnose')).value).toMatchObject({
    autoplay: { state: 'blocked_by_embedder', fix: expect.stringContaining('autoplay') },
  });
  await ann.document.locator('body').click();
  await ann.does('playAudio');
  await ann.close();
});
