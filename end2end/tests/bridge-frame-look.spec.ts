// Full screen, by the wire.
import { expect } from '../fixtures/test.ts';
import { test } from '../fixtures/wire-people.ts';

test('full screen needs a click in the frame [method.enableFullscreen] [method.disableFullscreen] [method.isFullscreenEnabled]', async ({
  host,
}) => {
  const ann = await host('Ann');
  ann.person.watch.expect(/can only be initiated by a user gesture/);
  await ann.join();
  expect(await ann.call('isFullscreenEnabled')).toEqual({ value: false });
  await ann.fails('gesture_required', 'enableFullscreen');
  await ann.document.locator('body').click();
  await ann.does('enableFullscreen');
  expect(await ann.call('isFullscreenEnabled')).toEqual({ value: true });
  await ann.does('disableFullscreen');
  expect(await ann.call('isFullscreenEnabled')).toEqual({ value: false });
  const plain = await host('Ben', '', { allow: 'camera; microphone' });
  await plain.join();
  await plain.fails('blocked_by_embedder', 'enableFullscreen');
});
