// Which language the page speaks, and how it changes in the middle of a call.
import { expectTilesApart } from '../fixtures/boxes.ts';
import { expectHears, expectNoOverflow, expectSees } from '../fixtures/expectations.ts';
import { TAGS, words } from '../fixtures/texts.ts';
import type { Person } from '../fixtures/people.ts';
import { expect, test } from '../fixtures/test.ts';

const french = words('fr');
const german = words('de');
const arabic = words('ar');

async function expectLanguage(person: Person, lang: string, dir = 'ltr'): Promise<void> {
  const root = person.page.locator('html');
  await expect(root).toHaveAttribute('lang', lang);
  await expect(root).toHaveAttribute('dir', dir);
}

/** Opens the settings, whatever language they are in, and chooses another. */
async function choose(person: Person, from: string, to: string): Promise<void> {
  await person.page
    .getByRole('toolbar')
    .getByRole('button', { name: words(from).meeting.settings })
    .click();
  await person.page
    .getByRole('combobox', { name: words(from).settings.language })
    .selectOption(to);
}

test('the address chooses the language, before the browser does [attr.lang]', async ({
  people,
  room,
}) => {
  const ann = await people.arrive({ locale: 'fr-CH' });
  await ann.open(`/call/?roomId=${room}&lang=de-AT`);
  await expectLanguage(ann, 'de');
  await expect(ann.page.getByRole('button', { name: german.prejoin.join })).toBeVisible();
  await ann.open(`/call/?roomId=${room}`);
  await expectLanguage(ann, 'fr');
  await expect(ann.page.getByRole('button', { name: french.prejoin.join })).toBeVisible();
});

test('a language that nobody speaks becomes English [attr.lang]', async ({ people, room }) => {
  const ann = await people.arrive({ locale: 'eo' });
  await ann.open(`/call/?roomId=${room}&lang=tlh`);
  await expectLanguage(ann, 'en');
  await expect(ann.prejoin.joinButton).toBeVisible();
});

test('pages and mistakes have the language of the browser [attr.lang]', async ({ people }) => {
  const ann = await people.arrive({ locale: 'fr' });
  ann.watch.expect(/status of 4/);
  await ann.open('/');
  await expect(ann.page.getByRole('link', { name: french.home.new_conference })).toBeVisible();
  await ann.open('/call/?roomId=a%20b');
  await expect(ann.page.getByText(french.problem.room_with_space)).toBeVisible();
  await ann.open('/nowhere');
  await expect(ann.page.getByRole('heading', { name: french.problem.not_found })).toBeVisible();
});

test('the language changes in a meeting, and the meeting goes on [attr.lang]', async ({
  people,
  room,
}) => {
  test.slow(); // two people with sound and picture, before and after
  const ann = await people.join('Ann', { room });
  const ben = await people.join('Ben', { room });
  await expectSees(ann, 'Ben');
  await expectSees(ben, 'Ann');
  await (await ann.meeting.openChat()).fill('half a sent');
  const before = await ann.page.evaluate(() => window.probe.connections.length);
  const picture = ann.meeting.tile('Ben').locator('video');
  await picture.evaluate((video) => Object.assign(video, { kept: true }));
  await choose(ann, 'en', 'fr');
  await expectLanguage(ann, 'fr');
  const settings = ann.page.getByRole('dialog', { name: french.settings.title });
  await expect(settings).toBeVisible();
  const choice = settings.getByRole('combobox', { name: french.settings.language });
  await expect(choice).toHaveValue('fr');
  await expect(choice).toBeFocused();
  await ann.page.keyboard.press('Escape');
  await expect(settings).toBeHidden();
  await expect(ann.meeting.tile(french.common.you.replace('{name}', 'Ann'))).toBeVisible();
  await expect(
    ann.page.getByRole('toolbar').getByRole('button', { name: french.meeting.leave }),
  ).toBeVisible();
  await expect(ann.page.getByRole('textbox', { name: french.chat.message })).toHaveValue(
    'half a sent',
  );
  await expectSees(ann, 'Ben');
  await expectSees(ben, 'Ann');
  // made anew, it would have blinked
  expect(await picture.evaluate((video) => 'kept' in video)).toBe(true);
  await expectHears(ann);
  await expectHears(ben);
  expect(await ann.page.evaluate(() => window.probe.connections.length)).toBe(before);
  await choose(ann, 'fr', 'ar');
  await expectLanguage(ann, 'ar', 'rtl');
  await ann.page.getByRole('combobox', { name: arabic.settings.language }).selectOption('en');
  await expectLanguage(ann, 'en');
  await expect(ann.meeting.settings).toBeVisible();
});

test('a choice holds on the next visit, unless the address asks for another [attr.lang]', async ({
  people,
  room,
}) => {
  const ann = await people.join('Ann', { room, camera: false, microphone: false });
  await choose(ann, 'en', 'fr');
  await expectLanguage(ann, 'fr');
  await ann.open(`/call/?roomId=${room}`);
  await expectLanguage(ann, 'fr');
  await expect(ann.page.getByRole('button', { name: french.prejoin.join })).toBeVisible();
  await ann.open('/');
  await expect(ann.page.getByRole('link', { name: french.home.new_webinar })).toBeVisible();
  await ann.open(`/call/?roomId=${room}&lang=de`);
  await expect(ann.page.getByRole('button', { name: german.prejoin.join })).toBeVisible();
  await expectLanguage(ann, 'de');
});

test('a language that does not load is told, and can be tried again', async ({ people, room }) => {
  const ann = await people.join('Ann', { room, camera: false, microphone: false });
  ann.watch.expect(/net::ERR_FAILED/);
  await ann.page.route('**/texts/**', (route) => route.abort());
  await choose(ann, 'en', 'pl');
  await expect(ann.meeting.settings.getByText(words('en').settings.language_failed)).toBeVisible();
  await expectLanguage(ann, 'en');
  await ann.page.unroute('**/texts/**');
  const choice = ann.meeting.settings.getByRole('combobox', { name: 'Language' });
  await expect(choice).toHaveValue('en');
  await choice.selectOption('pl');
  await expectLanguage(ann, 'pl');
});

test('Arabic runs from right to left, in every frame [attr.lang]', async ({ people, room }) => {
  test.slow(); // three frames, each with panels and dialogs
  const query = `/call/?roomId=${room}&lang=ar`;
  const ann = await people.arrive();
  await ann.open(query);
  await expectLanguage(ann, 'ar', 'rtl');
  await ann.page.getByRole('textbox', { name: arabic.prejoin.your_name }).fill('ليلى');
  await ann.page.getByRole('button', { name: arabic.prejoin.join, exact: true }).click();
  const toolbar = ann.page.getByRole('toolbar', { name: arabic.meeting.controls });
  await toolbar.waitFor();
  const ben = await people.join('Ben (2)', { room, microphone: false });
  await expectSees(ann, 'Ben (2)');
  await ben.meeting.openChat();
  await ben.meeting.say('hello, world!');
  for (const size of [
    { width: 1280, height: 720 },
    { width: 480, height: 640 },
    { width: 390, height: 844 },
  ]) {
    await ann.page.setViewportSize(size);
    const name = `${size.width}x${size.height}`;
    await expect(async () => void (await expectTilesApart(ann))).toPass({ timeout: 3_000 });
    await expect(() => expectNoOverflow(ann)).toPass({ timeout: 3_000 });
    await shoot(ann, `ar-${name}`);
    await ann.page.keyboard.press('c');
    await expect(ann.page.getByRole('region', { name: arabic.meeting.chat })).toBeVisible();
    await ann.page.getByText('hello, world!').waitFor();
    await expect(() => expectNoOverflow(ann)).toPass({ timeout: 3_000 });
    await shoot(ann, `ar-${name}-chat`);
    await ann.page
      .getByRole('region', { name: arabic.meeting.chat })
      .getByRole('button', { name: arabic.common.close })
      .click();
  }
});

/** Keeps a picture beside the report. */
async function shoot(person: Person, name: string): Promise<void> {
  await person.page.screenshot({ path: test.info().outputPath(`${name}.png`) });
}

test('the words of every language fit [attr.lang]', async ({ people, room }) => {
  test.slow(); // fourteen languages, three pages each
  const ann = await people.arrive();
  for (const tag of TAGS) {
    await test.step(tag, async () => {
      const query = `roomId=${room}&lang=${tag}`;
      for (const page of [`/?lang=${tag}`, `/new?kind=call&${query}`, `/call/?${query}`]) {
        await ann.open(page);
        await expectLanguage(ann, tag, tag === 'ar' ? 'rtl' : 'ltr');
        for (const size of [
          { width: 320, height: 480 },
          { width: 1024, height: 640 },
        ]) {
          await ann.page.setViewportSize(size);
          await expect(() => expectNoOverflow(ann)).toPass({ timeout: 3_000 });
        }
      }
      await ann.page
        .getByRole('button', { name: words(tag).prejoin.join, exact: true })
        .click();
      const leave = ann.page
        .getByRole('toolbar')
        .getByRole('button', { name: words(tag).meeting.leave, exact: true });
      await leave.waitFor();
      await ann.page.setViewportSize({ width: 390, height: 844 });
      await expect(() => expectNoOverflow(ann)).toPass({ timeout: 3_000 });
      await leave.click();
      await ann.page.getByRole('heading', { name: words(tag).ended.left.title }).waitFor();
    });
  }
});
