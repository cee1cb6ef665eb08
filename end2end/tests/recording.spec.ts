// What people in a room see and hear of its recording, and what those can do
// who may record. How the recording is, is told by a server in between.
import AxeBuilder from '@axe-core/playwright';
import { expectNoOverflow } from '../fixtures/expectations.ts';
import { mint } from '../fixtures/mint.ts';
import { address, type People, type Person } from '../fixtures/people.ts';
import { RecordedRoom, type Rights } from '../fixtures/recorded-room.ts';
import { expect, test } from '../fixtures/test.ts';

const OFF = { camera: false, microphone: false };
const SIZES = [
  ['wide', { width: 1280, height: 720 }],
  ['a frame', { width: 480, height: 640 }],
  ['a phone', { width: 390, height: 844 }],
] as const;

async function expectNoViolation(person: Person, screen: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page: person.page }).analyze();
  const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
  expect(found, screen).toEqual([]);
}

/** Somebody in a room that is said to be recorded. */
async function inRecordedRoom(
  people: People,
  room: string,
  rights?: Rights,
  outfit: Parameters<People['arrive']>[0] = {},
): Promise<{ ann: Person; recorded: RecordedRoom }> {
  const ann = await people.arrive(outfit);
  const recorded = await RecordedRoom.between(ann.page, rights);
  await ann.enter('Ann', { room, ...OFF });
  return { ann, recorded };
}

const badge = (person: Person) => person.page.locator('.recording');

test('everybody sees a badge with the time, and hears of start and end once', async ({
  people,
  room,
}) => {
  const { ann, recorded } = await inRecordedRoom(people, room);
  await expect(badge(ann)).toHaveCount(0);
  recorded.tell({ state: 'starting' });
  await expect(badge(ann)).toHaveText('Recording is starting…');
  const said = ann.page.locator('p[role=status].visually-hidden').filter({ hasText: /record/ });
  await expect(said).toHaveCount(0);
  recorded.tell({ state: 'recording' });
  await expect(badge(ann)).toHaveText(/^Recording0:0\d$/);
  await expect(said).toHaveText('This meeting is being recorded');
  await expect(badge(ann).getByRole('timer')).toHaveText('0:02');
  await expectNoViolation(ann, 'a recorded meeting');
  recorded.tell({ state: 'processing', progress: 10 });
  await expect(badge(ann)).toHaveCount(0);
  await expect(said).toHaveText('The recording has ended');
  recorded.tell();
  await expect(said).toHaveText('The recording has ended');
});

test('who comes later sees for how long it has been recorded', async ({ people, room }) => {
  const ann = await people.arrive();
  const recorded = await RecordedRoom.between(ann.page);
  recorded.isRecordedSince(3_723_000);
  await ann.enter('Ann', { room, ...OFF });
  await expect(badge(ann).getByRole('timer')).toHaveText(/^1:02:0\d$/);
});

test('the badge is there without controls, too, and nobody else can start', async ({
  people,
  room,
}) => {
  const ann = await people.arrive();
  const recorded = await RecordedRoom.between(ann.page);
  recorded.isRecordedSince(0);
  await ann.open(address({ room, query: 'controlsDisabled=true' }));
  await ann.prejoin.join('Ann', OFF);
  await expect(badge(ann)).toBeVisible();
  await expect(ann.page.getByRole('button', { name: /recording/ })).toHaveCount(0);
});

test('a recording is started and stopped after a question, by keyboard [moderator.11]', async ({
  people,
  room,
}) => {
  const { ann, recorded } = await inRecordedRoom(people, room, { mayRecord: true });
  const { keyboard } = ann.page;
  await ann.meeting.control('Start recording').focus();
  await keyboard.press('Enter');
  const question = ann.page.getByRole('alertdialog', { name: 'Start recording?' });
  await expect(question).toHaveAccessibleDescription(/but not the chat/);
  // Enter alone does no harm
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await expectNoViolation(ann, 'the question');
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await expect.poll(() => recorded.asked).toMatchObject([{ action: 'setRecording', on: true }]);
  recorded.tell({ state: 'starting' });
  recorded.tell({ state: 'recording' });
  await ann.meeting.control('Stop recording').click();
  const stop = ann.page.getByRole('alertdialog', { name: 'Stop recording?' });
  await keyboard.press('Escape');
  await expect(stop).toBeHidden();
  await ann.meeting.control('Stop recording').click();
  await stop.getByRole('button', { name: 'Stop recording' }).click();
  await expect.poll(() => recorded.asked[1]).toMatchObject({ on: false });
});

for (const [why, title] of [
  ['off', 'Recording is switched off here'],
  ['no_browser', 'Recording is not set up here'],
  ['no_ffmpeg', 'Recording is not set up here'],
  ['busy', 'No more meetings can be recorded right now'],
  ['disk_full', 'There is too little space for a recording'],
  ['of_tomorrow', 'The recording could not be started'],
] as const) {
  test(`where nothing can be recorded (${why}), the button says why`, async ({ people, room }) => {
    const rights = { mayRecord: true, noRecording: why };
    const { ann } = await inRecordedRoom(people, room, rights);
    const button = ann.meeting.control(title);
    await expect(button).toHaveAttribute('aria-disabled', 'true');
    await expect(button).toHaveAttribute('title', title);
    await button.focus();
    await ann.page.keyboard.press('Enter');
    await expect(ann.page.getByRole('status').filter({ hasText: title })).toBeVisible();
    await expect(ann.page.getByRole('alertdialog')).toHaveCount(0);
  });
}

for (const [name, viewport] of SIZES) {
  test(`${name}: the controls say how far a recording is`, async ({ people, room, server }) => {
    const ann = await people.arrive({ viewport });
    const recorded = await RecordedRoom.between(ann.page, { mayRecord: true });
    await ann.open(mint(server, '--room', room, '--role', 'moderator', '--can-record'));
    await ann.prejoin.join('Ann', OFF);
    await ann.meeting.toolbar.waitFor();
    // where the page is narrow there is no button for it
    await ann.page.keyboard.press('p');
    const controls = await ann.moderation.controls();
    const states = [
      [{ state: 'starting' }, 'Recording is starting…', 'Stop recording'],
      [{ state: 'recording' }, /Recording\s*0:0\d/, 'Stop recording'],
      [{ state: 'processing' }, 'The recording is being prepared', 'Start recording'],
      [{ state: 'processing', progress: 42 }, /prepared: \D?42\D? %/, 'Start recording'],
      [{ state: 'ready' }, 'The recording is ready', 'Start recording'],
      [{ state: 'failed' }, 'You can start a new one.', 'Start recording'],
    ] as const;
    for (const [recording, says, button] of states) {
      recorded.tell(recording);
      await expect(controls.getByText(says)).toBeVisible();
      await expect(controls.getByRole('button', { name: button })).toBeVisible();
      await expectNoViolation(ann, recording.state);
      await expectNoOverflow(ann);
      await shot(ann, `controls-${recording.state}-${viewport.width}`);
    }
  });

  test(`${name}: the badge covers no name`, async ({ people, room }) => {
    const { ann, recorded } = await inRecordedRoom(people, room, undefined, { viewport });
    recorded.tell({ state: 'recording' });
    await expect(badge(ann)).toBeVisible();
    await expectNoOverflow(ann);
    await shot(ann, `badge-${viewport.width}`);
  });
}

/** Keeps a picture for whoever wants to see them all. */
async function shot(person: Person, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (folder) await person.page.screenshot({ path: `${folder}/${name}.png` });
}
