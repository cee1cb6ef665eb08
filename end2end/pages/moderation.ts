// What moderators do: in the panel of people, by the menu of a person, and by
// the controls of the room.
import type { Locator, Page } from '@playwright/test';

export class Moderation {
  /** The panel of people. */
  readonly panel: Locator;
  /** The search field; there are at least eight people. */
  readonly search: Locator;
  /** Those who wait to be let in. */
  readonly waiting: Locator;
  /** The open menu of a person. */
  readonly menu: Locator;
  /** What is asked before something that cannot be taken back. */
  readonly question: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.panel = page.getByRole('region', { name: 'People' });
    this.search = this.panel.getByRole('searchbox');
    this.waiting = this.panel.getByRole('region', { name: 'Waiting to come in' });
    this.menu = page.getByRole('menu');
    this.question = page.getByRole('alertdialog');
  }

  /** Opens the panel, unless it is open. */
  async open(): Promise<this> {
    if (!(await this.panel.isVisible())) {
      await this.#page.getByRole('toolbar').getByRole('button', { name: /^People/ }).click();
    }
    await this.panel.waitFor();
    return this;
  }

  /** The rows of those on stage, top first. */
  get rows(): Locator {
    return this.panel.getByRole('list', { name: 'In the meeting' }).getByRole('listitem');
  }

  /** The row of somebody on stage. */
  row(name: string): Locator {
    return this.rows.filter({ hasText: name });
  }

  /** The rows of the viewers. */
  get viewers(): Locator {
    return this.panel.getByRole('list', { name: 'Viewers' }).getByRole('listitem');
  }

  /** Does something with somebody, by their menu. */
  async to(name: string, deed: string | RegExp): Promise<void> {
    await this.open();
    await this.panel.getByRole('button', { name: `Actions for ${name}` }).click();
    await this.item(deed).click();
  }

  /** An item of the open menu. */
  item(deed: string | RegExp): Locator {
    return this.menu
      .getByRole('menuitem', { name: deed })
      .or(this.menu.getByRole('menuitemcheckbox', { name: deed }));
  }

  /** The controls of the room, unfolded. */
  async controls(): Promise<Locator> {
    await this.open();
    const fold = this.panel.getByRole('button', { name: 'Moderation' });
    if ((await fold.getAttribute('aria-expanded')) === 'false') await fold.click();
    return this.panel.getByRole('region', { name: 'Moderation' });
  }

  /** Turns a switch of the room. */
  async turn(name: string | RegExp): Promise<Locator> {
    const toggle = (await this.controls()).getByRole('switch', { name });
    await toggle.click();
    return toggle;
  }

  /** Does something with everybody. */
  async toAll(name: string): Promise<void> {
    await (await this.controls()).getByRole('button', { name }).click();
  }

  /** The toast that tells that somebody waits. */
  knock(name: string): Locator {
    return this.#page.getByText(`${name} waits to come in`);
  }
}
